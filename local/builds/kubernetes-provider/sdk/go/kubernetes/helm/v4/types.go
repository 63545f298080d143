// Package v4 has the arguments of the component helm.v4.Chart that the plugin reads.
package v4

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// RepositoryOptsInput is an input of RepositoryOpts.
type RepositoryOptsInput interface {
	pulumi.Input
}

// RepositoryOpts tell where a chart comes from.
type RepositoryOpts struct {
	CaFile   pulumi.AssetOrArchive `pulumi:"caFile"`
	CertFile pulumi.AssetOrArchive `pulumi:"certFile"`
	KeyFile  pulumi.AssetOrArchive `pulumi:"keyFile"`
	Password *string               `pulumi:"password"`
	Repo     *string               `pulumi:"repo"`
	Username *string               `pulumi:"username"`
}

// PostRendererInput is an input of PostRenderer.
type PostRendererInput interface {
	pulumi.Input
}

// PostRenderer is a program that rewrites what a chart renders.
type PostRenderer struct {
	Args    []string `pulumi:"args"`
	Command string   `pulumi:"command"`
}
