package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"
)

var s3Bucket = kind{
	inputs: map[string]property{
		"bucket":       {required: true, replaces: true},
		"forceDestroy": {fallback: false},
		"acl": {fallback: "private", check: func(value any) error {
			if value != "private" {
				return fmt.Errorf("acl %q is not part of this test double, only \"private\" is", value)
			}
			return nil
		}},
	},
	computed: []string{"arn", "bucketDomainName"},

	create: func(ctx context.Context, c *client, in values) (string, error) {
		bucket := in.text("bucket")
		exists, err := c.s3.BucketExists(ctx, bucket)
		if err != nil {
			return "", err
		}
		if exists {
			return "", fmt.Errorf("bucket %q already exists", bucket)
		}
		return bucket, c.s3.MakeBucket(ctx, bucket, minio.MakeBucketOptions{Region: c.region})
	},

	read: func(ctx context.Context, c *client, id string, _ values) (values, error) {
		exists, err := c.s3.BucketExists(ctx, id)
		if err != nil || !exists {
			return nil, err
		}
		return values{
			"bucket":           id,
			"arn":              "arn:aws:s3:::" + id,
			"bucketDomainName": fmt.Sprintf("%s/minio/%s", c.s3.EndpointURL(), id),
		}, nil
	},

	remove: func(ctx context.Context, c *client, id string, known values) error {
		if known["forceDestroy"] == true {
			if err := emptyBucket(ctx, c, id); err != nil {
				return err
			}
		}
		return c.s3.RemoveBucket(ctx, id)
	},
}

func emptyBucket(ctx context.Context, c *client, bucket string) error {
	objects := c.s3.ListObjects(ctx, bucket, minio.ListObjectsOptions{Recursive: true, WithVersions: true})
	var faults []error
	for fault := range c.s3.RemoveObjects(ctx, bucket, objects, minio.RemoveObjectsOptions{}) {
		faults = append(faults, fault.Err)
	}
	return errors.Join(faults...)
}

var ilmPolicy = kind{
	inputs: map[string]property{
		"bucket": {required: true, replaces: true},
		"rules":  {required: true, check: checkRules, same: sameRules},
	},

	create: func(ctx context.Context, c *client, in values) (string, error) {
		bucket := in.text("bucket")
		return bucket, c.s3.SetBucketLifecycle(ctx, bucket, rulesConfig(in["rules"]))
	},

	read: func(ctx context.Context, c *client, id string, _ values) (values, error) {
		config, err := c.s3.GetBucketLifecycle(ctx, id)
		if code := minio.ToErrorResponse(err).Code; code == "NoSuchLifecycleConfiguration" || code == "NoSuchBucket" {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		rules := []any{}
		for _, rule := range config.Rules {
			rules = append(rules, ruleFound(rule))
		}
		return values{"bucket": id, "rules": rules}, nil
	},

	update: func(ctx context.Context, c *client, _, news values) error {
		return c.s3.SetBucketLifecycle(ctx, news.text("bucket"), rulesConfig(news["rules"]))
	},

	remove: func(ctx context.Context, c *client, id string, _ values) error {
		return c.s3.SetBucketLifecycle(ctx, id, lifecycle.NewConfiguration())
	},
}

var ruleKeys = map[string]bool{
	"id": true, "expiration": true, "filter": true, "noncurrentVersionExpirationDays": true, "status": true,
}

func checkRules(value any) error {
	rules, ok := value.([]any)
	if !ok {
		return errors.New("rules must be a list")
	}
	for _, item := range rules {
		rule, _ := item.(map[string]any)
		for key := range rule {
			if !ruleKeys[key] {
				return fmt.Errorf("a rule's %q is not part of this test double of the minio plugin", key)
			}
		}
		if values(rule).text("id") == "" {
			return errors.New("a rule needs an id")
		}
		if text := values(rule).text("expiration"); text != "" && expiration(text) == (lifecycle.Expiration{}) {
			return errors.New(`expiration must be a duration (5d), a date (1970-01-01) or "DeleteMarker"`)
		}
	}
	return nil
}

// sameRules: the server's answer also has each rule's status and empty fields, which a program leaves out.
func sameRules(a, b any) bool {
	left, right := rulesConfig(a).Rules, rulesConfig(b).Rules
	if len(left) != len(right) {
		return false
	}
	for i := range left {
		if !equal(ruleFound(left[i]), ruleFound(right[i])) {
			return false
		}
	}
	return true
}

func rulesConfig(rules any) *lifecycle.Configuration {
	config := lifecycle.NewConfiguration()
	list, _ := rules.([]any)
	for _, item := range list {
		fields, _ := item.(map[string]any)
		rule := values(fields)
		days, _ := rule["noncurrentVersionExpirationDays"].(float64)
		config.Rules = append(config.Rules, lifecycle.Rule{
			ID:                          rule.text("id"),
			Status:                      "Enabled",
			Expiration:                  expiration(rule.text("expiration")),
			NoncurrentVersionExpiration: lifecycle.NoncurrentVersionExpiration{NoncurrentDays: lifecycle.ExpirationDays(days)},
			RuleFilter:                  lifecycle.Filter{Prefix: rule.text("filter")},
		})
	}
	return config
}

func ruleFound(rule lifecycle.Rule) map[string]any {
	found := map[string]any{"id": rule.ID, "status": rule.Status, "filter": rule.RuleFilter.Prefix}
	switch {
	case rule.Expiration.DeleteMarker.IsEnabled():
		found["expiration"] = "DeleteMarker"
	case rule.Expiration.Days != 0:
		found["expiration"] = fmt.Sprintf("%dd", rule.Expiration.Days)
	case !rule.Expiration.IsDateNull():
		found["expiration"] = rule.Expiration.Date.Format(time.DateOnly)
	}
	if days := rule.NoncurrentVersionExpiration.NoncurrentDays; days != 0 {
		found["noncurrentVersionExpirationDays"] = float64(days)
	}
	return found
}

// expiration reads a rule's expiration; the zero value if it is none.
func expiration(text string) lifecycle.Expiration {
	var days int
	if text == "DeleteMarker" {
		return lifecycle.Expiration{DeleteMarker: true}
	}
	if _, err := fmt.Sscanf(text, "%dd", &days); err == nil {
		return lifecycle.Expiration{Days: lifecycle.ExpirationDays(days)}
	}
	if date, err := time.Parse(time.DateOnly, text); err == nil {
		return lifecycle.Expiration{Date: lifecycle.ExpirationDate{Time: date}}
	}
	return lifecycle.Expiration{}
}
