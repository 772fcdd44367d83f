package control

import (
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/url"
	"strings"

	"github.com/graphcalls/graphcalls-go/simulator"
)

type newBot struct {
	AppID          string   `json:"appId"`
	Secret         string   `json:"secret"`
	DisplayName    string   `json:"displayName"`
	CallingWebhook string   `json:"callingWebhook"`
	Permissions    []string `json:"permissions"`
}

// secretBotText is a bot with what it proves itself by.
type secretBotText struct {
	botText

	Secret string `json:"secret"`
}

func (s *Server) createBot(r *request) (answer, error) {
	var body newBot
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	if err := checkWebhook(body.CallingWebhook); err != nil {
		return answer{}, err
	}
	if body.AppID != "" {
		if _, err := s.cast.bot(body.AppID); err == nil {
			return answer{}, conflict("There is a bot of this appId; PATCH changes where its calls go.")
		}
	}
	b := s.cast.addBot(s.platform.RegisterBot(simulator.Bot{
		AppID: body.AppID, Secret: body.Secret, DisplayName: body.DisplayName,
		CallingWebhook: body.CallingWebhook, Permissions: body.Permissions,
	}))
	return created(secretBotText{describeBot(*b), b.Secret})
}

func (s *Server) getBot(r *request) (answer, error) {
	b, err := s.cast.bot(r.PathValue("bot"))
	if err != nil {
		return answer{}, err
	}
	return ok(secretBotText{describeBot(*b), b.Secret})
}

func (s *Server) changeBot(r *request) (answer, error) {
	b, err := s.cast.bot(r.PathValue("bot"))
	if err != nil {
		return answer{}, err
	}
	var body struct {
		CallingWebhook string `json:"callingWebhook"`
	}
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	if err := checkWebhook(body.CallingWebhook); err != nil {
		return answer{}, err
	}
	b.SetCallingWebhook(body.CallingWebhook)
	s.cast.setWebhook(b, body.CallingWebhook)
	return done()
}

// checkWebhook takes an empty address as well: a bot that only makes calls has
// none.
func checkWebhook(address string) error {
	parsed, err := url.Parse(address)
	if address == "" || err == nil && parsed.Host != "" && (parsed.Scheme == "https" || parsed.Scheme == "http") {
		return nil
	}
	return invalid("callingWebhook must be a whole address, such as https://localhost:8080/api/calls.")
}

type certificateText struct {
	Certificate string `json:"certificate"`
	PrivateKey  string `json:"privateKey"`
}

// createCertificate makes what a bot needs to serve its webhook over https.
func (s *Server) createCertificate(r *request) (answer, error) {
	var body struct {
		Hosts []string `json:"hosts"`
	}
	if err := r.parse(&body); err != nil {
		return answer{}, err
	}
	for _, host := range body.Hosts {
		if net.ParseIP(host) == nil && (host == "" || strings.ContainsAny(host, ":/ ")) {
			return answer{}, invalid("hosts must be names and IP addresses, without ports.")
		}
	}
	made, err := s.platform.CertificateFor(body.Hosts...)
	if err != nil {
		return answer{}, err
	}
	key, err := x509.MarshalPKCS8PrivateKey(made.PrivateKey)
	if err != nil {
		return answer{}, err
	}
	var chain strings.Builder
	for _, der := range made.Certificate {
		chain.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	return created(certificateText{chain.String(), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))})
}
