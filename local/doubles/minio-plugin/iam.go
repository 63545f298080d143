package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	awspolicy "github.com/hashicorp/awspolicyequivalence"
)

var iamUser = kind{
	inputs: map[string]property{
		"name":        {required: true, replaces: true},
		"secret":      {required: true, secret: true},
		"disableUser": {fallback: false},
		"forceDestroy": {fallback: false, check: func(value any) error {
			if value == true {
				return errors.New("forceDestroy makes the real plugin delete the user at any update of it: leave it out")
			}
			return nil
		}},
	},
	computed: []string{"status"},

	create: func(ctx context.Context, c *client, in values) (string, error) {
		name := in.text("name")
		if err := c.admin.setUser(ctx, name, in.text("secret"), enabled); err != nil {
			return "", err
		}
		return name, setStatus(ctx, c, in)
	},

	read: func(ctx context.Context, c *client, id string, _ values) (values, error) {
		info, err := c.admin.userInfo(ctx, id)
		var refusal *adminError
		if errors.As(err, &refusal) && refusal.Code == "XMinioAdminNoSuchUser" {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return values{"name": id, "status": info.Status}, nil
	},

	update: func(ctx context.Context, c *client, olds, news values) error {
		if olds.text("secret") != news.text("secret") {
			return c.admin.setUser(ctx, news.text("name"), news.text("secret"), wantedStatus(news))
		}
		return setStatus(ctx, c, news)
	},

	remove: func(ctx context.Context, c *client, id string, _ values) error {
		return c.admin.removeUser(ctx, id)
	},
}

func wantedStatus(user values) string {
	if user["disableUser"] == true {
		return disabled
	}
	return enabled
}

func setStatus(ctx context.Context, c *client, user values) error {
	return c.admin.setUserStatus(ctx, user.text("name"), wantedStatus(user))
}

var iamPolicy = kind{
	inputs: map[string]property{
		"name": {required: true, replaces: true},
		"policy": {required: true, same: samePolicy, check: func(value any) error {
			text, _ := value.(string)
			if !json.Valid([]byte(text)) || !strings.HasPrefix(text, "{") {
				return errors.New("policy contains an invalid JSON policy")
			}
			return nil
		}},
	},

	create: func(ctx context.Context, c *client, in values) (string, error) {
		name := in.text("name")
		return name, c.admin.addPolicy(ctx, name, []byte(in.text("policy")))
	},

	// As upstream's: a policy that is gone is an error, not a missing resource.
	read: func(ctx context.Context, c *client, id string, _ values) (values, error) {
		text, err := c.admin.policy(ctx, id)
		if err != nil {
			return nil, err
		}
		return values{"name": id, "policy": strings.TrimSpace(string(text))}, nil
	},

	update: func(ctx context.Context, c *client, _, news values) error {
		return c.admin.addPolicy(ctx, news.text("name"), []byte(news.text("policy")))
	},

	remove: func(ctx context.Context, c *client, id string, _ values) error {
		return c.admin.removePolicy(ctx, id)
	},
}

// samePolicy: the server answers with its own spelling of the policy.
func samePolicy(a, b any) bool {
	left, _ := a.(string)
	right, _ := b.(string)
	same, err := awspolicy.PoliciesAreEquivalent(left, right)
	return err == nil && same
}

// attachments changes one user's list of policies at a time: the calls read the list and write it whole.
var attachments sync.Mutex

var iamUserPolicyAttachment = kind{
	inputs: map[string]property{
		"userName":   {required: true, replaces: true},
		"policyName": {required: true, replaces: true},
	},

	create: func(ctx context.Context, c *client, in values) (string, error) {
		err := changePolicies(ctx, c, in, func(policies []string) []string {
			return append(policies, in.text("policyName"))
		})
		stamp := strings.Replace(time.Now().UTC().Format("20060102150405.0000"), ".", "", 1)
		return fmt.Sprintf("%s-%s00000001", in.text("userName"), stamp), err
	},

	read: func(ctx context.Context, c *client, _ string, known values) (values, error) {
		policies, err := userPolicies(ctx, c, known.text("userName"))
		if err != nil || !slices.Contains(policies, known.text("policyName")) {
			return nil, err
		}
		return values{"userName": known.text("userName"), "policyName": known.text("policyName")}, nil
	},

	remove: func(ctx context.Context, c *client, _ string, known values) error {
		return changePolicies(ctx, c, known, func(policies []string) []string { return policies })
	},
}

// changePolicies sets a user's policies to what change makes of the others, those but policyName.
func changePolicies(ctx context.Context, c *client, in values, change func([]string) []string) error {
	attachments.Lock()
	defer attachments.Unlock()
	user := in.text("userName")
	policies, err := userPolicies(ctx, c, user)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(policies), func(name string) bool { return name == in.text("policyName") })
	if wanted := change(others); !slices.Equal(wanted, policies) {
		return c.admin.setUserPolicies(ctx, user, strings.Join(wanted, ","))
	}
	return nil
}

func userPolicies(ctx context.Context, c *client, user string) ([]string, error) {
	info, err := c.admin.userInfo(ctx, user)
	if err != nil || info.Policies == "" {
		return nil, err
	}
	return strings.Split(info.Policies, ","), nil
}
