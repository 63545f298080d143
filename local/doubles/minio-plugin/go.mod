// The test double of Pulumi's plugin for MinIO. It is built from local/builds/pulumi, whose go.mod names this module: one set of versions,
// so that what it shares with the engine compiles once.
module logharbor/local/doubles/minio-plugin

go 1.25.11

require (
	github.com/blang/semver v3.5.1+incompatible
	github.com/hashicorp/awspolicyequivalence v1.6.0
	github.com/minio/minio-go/v7 v7.0.91
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
	github.com/secure-io/sio-go v0.3.1
	golang.org/x/crypto v0.55.0
)
