// Command random-provider is Pulumi's plugin for random values: the Terraform provider under Pulumi's bridge, as upstream makes it. The schema
// serves SDK generators only, so an empty one stands here.
package main

import (
	"context"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// version is the plugin's version, set by the linker.
var version string

// token gives the Pulumi type of a Terraform type: random_password is random:index/randomPassword:RandomPassword.
func token(terraformType string) tokens.Type {
	member := "Random" + strings.ToUpper(terraformType[len("random_"):][:1]) + terraformType[len("random_")+1:]
	return tokens.Type("random:index/r" + member[1:] + ":" + member)
}

func main() {
	ctx := context.Background()
	resources := map[string]*bridge.ResourceInfo{}
	for _, name := range []string{"random_id", "random_integer", "random_password", "random_pet", "random_shuffle", "random_string", "random_uuid"} {
		resources[name] = &bridge.ResourceInfo{Tok: token(name)}
	}
	tfbridge.Main(ctx, "random", bridge.ProviderInfo{
		Name:         "random",
		Version:      version,
		P:            tfbridge.ShimProviderWithContext(ctx, provider.New()),
		Resources:    resources,
		MetadataInfo: bridge.NewProviderMetadata([]byte("{}")),
	}, tfbridge.ProviderMetadata{PackageSchema: []byte("{}")})
}
