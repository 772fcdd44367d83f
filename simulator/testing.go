package simulator

// TB is the part of testing.TB that New needs.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// New starts a platform for a test and closes it when the test ends. The
// options can be changed by functions.
func New(t TB, configure ...func(*Options)) *Platform {
	t.Helper()
	var options Options
	for _, change := range configure {
		change(&options)
	}
	platform, err := Start(options)
	if err != nil {
		t.Fatalf("start the platform: %v", err)
		return nil
	}
	t.Cleanup(platform.Close)
	return platform
}
