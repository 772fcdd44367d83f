package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
)

// AddLargeGalleryView asks for a stream that shows many participants at once.
// It shows in the roster as an application of the type LargeGallery.
//
// See https://learn.microsoft.com/graph/api/call-addlargegalleryview.
func (c *Call) AddLargeGalleryView(ctx context.Context) (*Operation[*resources.AddLargeGalleryViewOperation], error) {
	return startOperation[resources.AddLargeGalleryViewOperation](ctx, c, ordinary, "addLargeGalleryView", bare)
}
