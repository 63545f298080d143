// Package discover stands in for the library by which Alloy asks the clouds for its peers: it knows no cloud. A node on its own never asks,
// and the clients of fifteen clouds are a third of what Alloy compiles.
package discover

import (
	"errors"
	"log"
)

// Provider finds the addresses of peers in one cloud.
type Provider interface {
	Addrs(args map[string]string, logger *log.Logger) ([]string, error)
	Help() string
}

// Providers has no cloud.
var Providers = map[string]Provider{}

// Discover finds the addresses of peers.
type Discover struct{}

// Option sets up a Discover.
type Option func(*Discover) error

// New returns a Discover.
func New(...Option) (*Discover, error) { return &Discover{}, nil }

// WithProviders names the clouds to ask.
func WithProviders(map[string]Provider) Option { return nil }

// Addrs refuses, since no cloud is known.
func (*Discover) Addrs(string, *log.Logger) ([]string, error) {
	return nil, errors.New("peer discovery by cloud is left out of this build of Alloy")
}
