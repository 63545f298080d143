// Command minio-plugin is a test double of Pulumi's plugin `minio` 0.17.1 (pulumi-resource-minio), for places where the real one can't be had.
// It makes the same S3 and IAM calls for the resource types that Logharbor uses, and refuses every other type and property.
//
// What it does not prove: upstream's Read takes an unreachable server for a missing resource and drops it from the state; here that is an
// error. So a test against this double says nothing about Logharbor's guard against it.
package main

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func main() {
	err := provider.Main("minio", func(*provider.HostClient) (rpc.ResourceProviderServer, error) {
		return plugin.NewProviderServer(&double{}), nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
