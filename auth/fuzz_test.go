package auth_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
)

func FuzzValidateInbound(f *testing.F) {
	p, client := startPlatform(f)
	validator := newValidator(f, p, client)
	good := "Bearer " + platformToken().sign(f)
	for _, seed := range []string{
		"", "Bearer", good, good[:len(good)-1], "bearer a.b.c", "Basic x", "Bearer e30.e30.",
		"Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer bnVsbA.bnVsbA.bnVsbA",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, authorization string) {
		request := &http.Request{Header: http.Header{"Authorization": {authorization}}}
		identity, err := validator.ValidateInbound(t.Context(), request)
		if err == nil {
			require.Equal(t, tenantID, identity.TenantID)
			return
		}
		require.ErrorIs(t, err, auth.ErrUnauthorized)
		require.Equal(t, auth.Identity{}, identity)
	})
}
