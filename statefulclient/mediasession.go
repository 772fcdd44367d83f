package statefulclient

import (
	"context"

	"go.uber.org/zap"

	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/resources"
)

// completeMedia fills in what a request leaves open: with what a session has, and
// without one with audio that the platform handles.
func completeMedia(ctx context.Context, session media.Session, config *resources.MediaConfig, modalities *[]resources.Modality) error {
	if session != nil {
		if err := offer(ctx, session, config, modalities); err != nil {
			return err
		}
	}
	if len(*modalities) == 0 {
		*modalities = []resources.Modality{resources.ModalityAudio}
	}
	if *config == nil {
		*config = &resources.ServiceHostedMediaConfig{}
	}
	return nil
}

// offer puts a session's configuration into a request, and its modalities where
// the caller named none.
func offer(ctx context.Context, session media.Session, config *resources.MediaConfig, modalities *[]resources.Modality) error {
	if *config != nil {
		return invalid("a MediaSession and a MediaConfig are given: leave out the MediaConfig, which the session gives")
	}
	blob, err := media.Config(ctx, session)
	if err != nil {
		return err
	}
	*config = blob
	if len(*modalities) == 0 {
		*modalities = session.Modalities()
	}
	return nil
}

// ownSession makes a session the call's, once the request that used it has come
// back, or closes it if that failed.
func (c *Client) ownSession(session media.Session, call *Call, failure error) {
	switch {
	case session == nil:
	case failure != nil || !call.own(session):
		c.closeSession(call, session)
	}
}

// own reports false for a call that is over.
func (c *Call) own(session media.Session) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over.Load() || c.context.Err() != nil {
		return false
	}
	c.sessions = append(c.sessions, session)
	return true
}

// releaseSessions closes the call's sessions, and does not wait.
func (c *Call) releaseSessions() {
	c.mu.Lock()
	released := c.sessions
	c.sessions = nil
	c.mu.Unlock()
	for _, session := range released {
		closeIt := func() { c.client.closeSession(c, session) }
		if !c.client.group.Go(closeIt) { // the client is closed already
			closeIt()
		}
	}
}

// closeSession runs user code, whose trouble is told as a handler's. The call is
// nil where none came to be.
func (c *Client) closeSession(call *Call, session media.Session) {
	defer func() {
		if problem := recover(); problem != nil {
			c.handlerPanicked(call, kindSession, problem)
		}
	}()
	if err := session.Close(); err != nil {
		fields := []zap.Field{zap.Error(err)}
		if call != nil {
			fields = call.fields(fields...)
		}
		c.logger.Warn("media session did not close", fields...)
	}
}
