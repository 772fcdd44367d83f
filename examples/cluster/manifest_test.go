package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"

	"github.com/graphcalls/graphcalls-go/cluster"
)

const manifests = "../../docs/cluster"

// kinds are the types that Kubernetes has for what the manifests are of.
func kinds() map[string]func() any {
	return map[string]func() any{
		"apps/v1 Deployment":            func() any { return &appsv1.Deployment{} },
		"apps/v1 StatefulSet":           func() any { return &appsv1.StatefulSet{} },
		"v1 Service":                    func() any { return &corev1.Service{} },
		"v1 ConfigMap":                  func() any { return &corev1.ConfigMap{} },
		"policy/v1 PodDisruptionBudget": func() any { return &policyv1.PodDisruptionBudget{} },
		"networking.k8s.io/v1 Ingress":  func() any { return &networkingv1.Ingress{} },
	}
}

// objects reads a manifest; a field that its type does not have is an error.
func objects(t *testing.T, file string) (all []any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(manifests, file))
	require.NoError(t, err)
	for document := range strings.SplitSeq(string(text), "\n---\n") {
		var head struct{ APIVersion, Kind string }
		require.NoError(t, yaml.Unmarshal([]byte(document), &head))
		made := kinds()[head.APIVersion+" "+head.Kind]
		require.NotNil(t, made, "%s: %+v", file, head)
		object := made()
		require.NoError(t, yaml.UnmarshalStrict([]byte(document), object), "%s: %s", file, head.Kind)
		all = append(all, object)
	}
	return all
}

func one[T any](t *testing.T, all []any) (found *T) {
	t.Helper()
	for _, object := range all {
		if is, ok := object.(*T); ok {
			found = is
			break
		}
	}
	require.NotNil(t, found)
	return found
}

func TestTheBotsManifestFits(t *testing.T) {
	all := objects(t, "bot.yaml")
	require.Len(t, all, 4)
	bot := one[appsv1.Deployment](t, all)
	pod := bot.Spec.Template
	require.Equal(t, bot.Spec.Selector.MatchLabels, pod.Labels)
	require.Equal(t, pod.Labels, one[corev1.Service](t, all).Spec.Selector)
	require.Equal(t, pod.Labels, one[policyv1.PodDisruptionBudget](t, all).Spec.Selector.MatchLabels)
	c := pod.Spec.Containers[0]
	require.Greater(t, *pod.Spec.TerminationGracePeriodSeconds, c.Lifecycle.PreStop.Sleep.Seconds, "there is time to drain")
	for _, mount := range c.VolumeMounts {
		require.True(t, has(pod.Spec.Volumes, mount.Name), mount.Name)
	}
	require.Zero(t, bot.Spec.Strategy.RollingUpdate.MaxUnavailable.IntValue())
	require.Equal(t, one[corev1.Service](t, all).Spec.Ports[0].TargetPort.StrVal, c.Ports[0].Name)
	for _, probe := range []*corev1.Probe{c.LivenessProbe, c.ReadinessProbe, c.StartupProbe} {
		require.Equal(t, c.Ports[0].Name, probe.HTTPGet.Port.StrVal)
	}
	front := one[networkingv1.Ingress](t, all)
	require.Contains(t, front.Annotations["nginx.ingress.kubernetes.io/proxy-next-upstream"], "http_503 http_504 non_idempotent")
	ingress := front.Spec.Rules[0]
	require.Equal(t, "https://"+ingress.Host+ingress.HTTP.Paths[0].Path, environment(c, "NOTIFICATION_URL"))
}

func has(volumes []corev1.Volume, name string) bool {
	for _, volume := range volumes {
		if volume.Name == name {
			return true
		}
	}
	return false
}

func environment(c corev1.Container, name string) string {
	for _, variable := range c.Env {
		if variable.Name == name {
			return variable.Value
		}
	}
	return ""
}

func TestTheManifestOfNATSFits(t *testing.T) {
	all := objects(t, "nats.yaml")
	set := one[appsv1.StatefulSet](t, all)
	pod := set.Spec.Template
	require.Equal(t, set.Spec.Selector.MatchLabels, pod.Labels)
	require.Equal(t, pod.Labels, one[policyv1.PodDisruptionBudget](t, all).Spec.Selector.MatchLabels)
	c := pod.Spec.Containers[0]
	for _, mount := range c.VolumeMounts {
		require.True(t, has(pod.Spec.Volumes, mount.Name) || set.Spec.VolumeClaimTemplates[0].Name == mount.Name, mount.Name)
	}
	headless := false
	for _, object := range all {
		if service, ok := object.(*corev1.Service); ok && service.Name == set.Spec.ServiceName {
			headless = service.Spec.ClusterIP == corev1.ClusterIPNone && service.Spec.PublishNotReadyAddresses
		}
	}
	require.True(t, headless)
}

// configuration is that of NATS, without what is a cluster's.
func configuration(t *testing.T) *server.Options {
	t.Helper()
	config := one[corev1.ConfigMap](t, objects(t, "nats.yaml")).Data["nats.conf"]
	folder := t.TempDir()
	accounts, err := os.ReadFile(filepath.Join(manifests, "accounts.conf"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "accounts.conf"), accounts, 0o600))
	config = strings.Replace(config, "/etc/nats-accounts/accounts.conf", "./accounts.conf", 1)
	config = regexp.MustCompile(`(?m)^tls .*$`).ReplaceAllString(config, "") // whose files are not here
	file := filepath.Join(folder, "nats.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	t.Setenv("SERVER_NAME", "nats-0")
	t.Setenv("JETSTREAM_KEY", "secret")
	t.Setenv("ECHO_PASSWORD", "secret")
	options, err := server.ProcessConfigFile(file)
	require.NoError(t, err)
	return options
}

func TestTheConfigurationOfNATSIsRead(t *testing.T) {
	options := configuration(t)
	require.EqualValues(t, 4<<20, options.MaxPayload)
	require.Len(t, options.Routes, 3)
	require.True(t, options.JetStream)
	require.NotEmpty(t, options.JetStreamKey)
	require.Len(t, options.Accounts, 1)
}

// What the account may is enough for a bot, and no more than that.
func TestTheAccountIsEnough(t *testing.T) {
	options := configuration(t)
	options.Host, options.Port, options.HTTPPort, options.StoreDir = "127.0.0.1", server.RANDOM_PORT, 0, t.TempDir()
	options.PidFile, options.Routes, options.Cluster, options.NoLog, options.NoSigs = "", nil, server.ClusterOpts{}, true, true
	broker, err := server.NewServer(options)
	require.NoError(t, err)
	broker.Start()
	t.Cleanup(broker.WaitForShutdown)
	t.Cleanup(broker.Shutdown)
	require.True(t, broker.ReadyForConnections(10*time.Second))
	refused := make(chan error, 100)
	nc, err := nats.Connect(broker.ClientURL(), nats.UserInfo("echo", "secret"),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err }))
	require.NoError(t, err)
	t.Cleanup(nc.Close)

	stage := newSingleStage(t)
	builder, provider, err := stage.settings.builder(stage.platform.Client())
	require.NoError(t, err)
	t.Cleanup(provider.Close)
	client, err := inFleet(t.Context(), nc, builder, &bot{say: stage.hear}, cluster.Options{Name: "echo", Key: make([]byte, 32)})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	stage.bot.Serve(client.Handler())
	stage.callAndHangUp(t)
	require.Eventually(t, func() bool {
		stats := client.FleetStats()
		return stats.Settled > 2 && stats.Settled == stats.Queued
	}, 10*time.Second, 10*time.Millisecond)
	require.NoError(t, client.Drain(t.Context()))
	require.NoError(t, nc.Flush())
	require.Empty(t, refused)
	require.NoError(t, nc.Publish("graphcalls.other.beat", nil))
	require.ErrorContains(t, <-refused, "permissions violation")
}
