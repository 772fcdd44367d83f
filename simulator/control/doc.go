// Package control is the desk a [simulator.Platform] is run from by hand and by
// programs in any language: an API over HTTP and JSON, and a page that shows
// calls, people and every exchange as they happen. The command callsim serves
// both; a Go test can as well, to be watched:
//
//	desk := control.New(platform, control.Options{})
//	defer desk.Close()
//	desk.AddBot(bot)
//	server := httptest.NewServer(desk)
//	t.Log(desk.PageURL(server.URL))
//
// The API is described at /openapi.json, which needs no token; everything under
// /v1 needs one.
//
// # Who may use it
//
// Whoever has the token may do anything to the platform, learn the secrets of
// its bots, and have it send requests to addresses they choose. So the API takes
// no request without the token, which is not a cookie and which no browser sends
// by itself: neither other people on the machine nor pages from elsewhere have
// it. Requests that a page from elsewhere sent are refused all the same, and so
// are those that name the server by a name that is not its own, which is how a
// page reaches an address that is not its site's. The page gets the token in the
// fragment of its address, which is sent to no server.
package control
