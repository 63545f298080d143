// Command kubernetes-provider is Pulumi's plugin for Kubernetes. Upstream's own main embeds the schema and the mapping, files that are
// generated there: they serve SDK generators only, so empty ones stand here.
package main

import (
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

func main() {
	provider.Serve("kubernetes", version.Version, []byte("{}"), []byte("{}"))
}
