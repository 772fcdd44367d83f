package main

import (
	"errors"
	"net"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// broker is a NATS server in this process, which can be stopped and started
// again on its port and its files.
type broker struct {
	options server.Options
	server  *server.Server
}

func startBroker() (*broker, error) {
	folder, err := os.MkdirTemp("", "chaos-nats")
	if err != nil {
		return nil, err
	}
	b := &broker{options: server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: folder, NoLog: true, NoSigs: true,
	}}
	if err := b.start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return b, nil
}

func (b *broker) start() error {
	options := b.options // the server writes into it
	var err error
	if b.server, err = server.NewServer(&options); err != nil {
		return err
	}
	b.server.Start()
	if !b.server.ReadyForConnections(10 * time.Second) {
		return errors.New("the NATS server does not start")
	}
	b.options.Port = b.server.Addr().(*net.TCPAddr).Port
	return nil
}

func (b *broker) stop() {
	b.server.Shutdown()
	b.server.WaitForShutdown()
}

func (b *broker) url() string { return b.server.ClientURL() }

func (b *broker) close() {
	b.stop()
	_ = os.RemoveAll(b.options.StoreDir) // in the folder for what is temporary
}
