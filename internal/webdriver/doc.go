// Package webdriver drives headless Chromium by chromedriver, for tests of the
// pages this module has. Such tests have the build tag browser; make test-browser
// installs what they need and runs them.
package webdriver
