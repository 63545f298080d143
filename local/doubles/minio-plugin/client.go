package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"strconv"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// configInputs are the provider's own settings. Booleans come as JSON text: that is how the SDK sends them.
var configInputs = map[string]property{
	"minioServer":     {required: true},
	"minioUser":       {},
	"minioPassword":   {},
	"minioRegion":     {},
	"minioSsl":        {check: isBool},
	"minioInsecure":   {check: isBool},
	"minioCacertFile": {},
}

// client is how the resources reach MinIO: S3 for buckets, the admin API for users and policies. Making one contacts nothing.
type client struct {
	s3     *minio.Client
	admin  *admin
	region string
}

func newClient(config values) (*client, error) {
	ssl := isTrue(config["minioSsl"])
	transport, err := newTransport(ssl, isTrue(config["minioInsecure"]), config.text("minioCacertFile"))
	if err != nil {
		return nil, err
	}
	login := credentials.NewStaticV4(config.text("minioUser"), config.text("minioPassword"), "")
	server := config.text("minioServer")
	s3, err := minio.New(server, &minio.Options{Creds: login, Secure: ssl, Transport: transport})
	if err != nil {
		return nil, fmt.Errorf("minioServer: %w", err)
	}
	region := config.text("minioRegion")
	if region == "" {
		region = "us-east-1"
	}
	return &client{
		s3: s3,
		admin: &admin{
			url:    s3.EndpointURL().String(),
			user:   config.text("minioUser"),
			secret: config.text("minioPassword"),
			region: region,
			http:   &http.Client{Transport: transport},
		},
		region: region,
	}, nil
}

func newTransport(ssl, insecure bool, cacertFile string) (*http.Transport, error) {
	transport, err := minio.DefaultTransport(ssl)
	if err != nil || !ssl {
		return transport, err
	}
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: insecure}
	if cacertFile != "" {
		pem, err := os.ReadFile(cacertFile)
		if err != nil {
			return nil, fmt.Errorf("minioCacertFile: %w", err)
		}
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool()
		}
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("minioCacertFile: %s holds no certificate", cacertFile)
		}
		transport.TLSClientConfig.RootCAs = roots
	}
	return transport, nil
}

func isTrue(value any) bool {
	is, _ := strconv.ParseBool(fmt.Sprint(value))
	return is
}

func isBool(value any) error {
	_, err := strconv.ParseBool(fmt.Sprint(value))
	return err
}
