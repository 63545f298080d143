package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// values is a resource's properties as plain data: secrets unwrapped, numbers as float64.
type values map[string]any

// text is the string under key, empty if there is none.
func (v values) text(key string) string {
	s, _ := v[key].(string)
	return s
}

// property says how one input is checked and compared.
type property struct {
	required bool
	replaces bool                // a change makes a new resource
	secret   bool                // stays secret in the outputs
	fallback any                 // the default, if any
	check    func(any) error     // nil: any value
	same     func(a, b any) bool // nil: equal values only
}

// kind is one resource type.
type kind struct {
	inputs   map[string]property
	computed []string // outputs known only after creation
	// create returns the id.
	create func(ctx context.Context, c *client, in values) (string, error)
	// read returns what is there now of the inputs and outputs; nil: it is gone.
	read func(ctx context.Context, c *client, id string, known values) (values, error)
	// update makes the resource as news says; nil: every changed input replaces the resource, or lives in the state alone.
	update func(ctx context.Context, c *client, olds, news values) error
	remove func(ctx context.Context, c *client, id string, known values) error
}

var kinds = map[tokens.Type]kind{
	"minio:index/s3Bucket:S3Bucket":                               s3Bucket,
	"minio:index/ilmPolicy:IlmPolicy":                             ilmPolicy,
	"minio:index/iamUser:IamUser":                                 iamUser,
	"minio:index/iamPolicy:IamPolicy":                             iamPolicy,
	"minio:index/iamUserPolicyAttachment:IamUserPolicyAttachment": iamUserPolicyAttachment,
}

// double is the provider: it knows the protocol and leaves the rest to the kinds.
type double struct {
	plugin.UnimplementedProvider
	client *client
}

func (d *double) Handshake(context.Context, plugin.ProviderHandshakeRequest) (*plugin.ProviderHandshakeResponse, error) {
	return &plugin.ProviderHandshakeResponse{AcceptSecrets: true, AcceptResources: true, AcceptOutputs: true}, nil
}

func (d *double) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	version := semver.MustParse("0.17.1")
	return plugin.PluginInfo{Version: &version}, nil
}

func (d *double) GetSchema(context.Context, plugin.GetSchemaRequest) (plugin.GetSchemaResponse, error) {
	return plugin.GetSchemaResponse{Schema: []byte(`{"name":"minio","version":"0.17.1"}`)}, nil
}

func (d *double) CheckConfig(_ context.Context, r plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	news, failures := check(configInputs, r.News)
	return plugin.CheckConfigResponse{Properties: news, Failures: failures}, nil
}

func (d *double) DiffConfig(_ context.Context, r plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return diff(configInputs, r.OldInputs, r.NewInputs), nil
}

func (d *double) Configure(_ context.Context, r plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	client, err := newClient(plain(r.Inputs))
	d.client = client
	return plugin.ConfigureResponse{}, err
}

func (d *double) Check(_ context.Context, r plugin.CheckRequest) (plugin.CheckResponse, error) {
	k, err := kindOf(r.Type)
	if err != nil {
		return plugin.CheckResponse{}, err
	}
	news, failures := check(k.inputs, r.News)
	return plugin.CheckResponse{Properties: news, Failures: failures}, nil
}

func (d *double) Diff(_ context.Context, r plugin.DiffRequest) (plugin.DiffResponse, error) {
	k, err := kindOf(r.Type)
	if err != nil {
		return plugin.DiffResponse{}, err
	}
	return diff(k.inputs, r.OldInputs, r.NewInputs), nil
}

func (d *double) Create(ctx context.Context, r plugin.CreateRequest) (plugin.CreateResponse, error) {
	k, err := kindOf(r.Type)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	if r.Preview {
		return plugin.CreateResponse{Properties: k.planned(r.Properties, nil)}, nil
	}
	in := plain(r.Properties)
	id, err := k.create(ctx, d.client, in)
	if err != nil {
		return plugin.CreateResponse{}, fmt.Errorf("creating %s: %w", r.Type.Name(), err)
	}
	outputs, err := k.outputs(ctx, d.client, id, r.Properties)
	return plugin.CreateResponse{ID: resource.ID(id), Properties: outputs}, err
}

func (d *double) Read(ctx context.Context, r plugin.ReadRequest) (plugin.ReadResponse, error) {
	k, err := kindOf(r.Type)
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	if len(r.Inputs) == 0 {
		return plugin.ReadResponse{}, errors.New("import and get are not part of this test double")
	}
	found, err := k.read(ctx, d.client, string(r.ID), plain(r.Inputs))
	if err != nil {
		return plugin.ReadResponse{}, fmt.Errorf("reading %s %q: %w", r.Type.Name(), r.ID, err)
	}
	if found == nil {
		return plugin.ReadResponse{}, nil
	}
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{
		ID: r.ID, Inputs: k.seen(r.Inputs, found), Outputs: k.merged(r.Inputs, found),
	}}, nil
}

func (d *double) Update(ctx context.Context, r plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	k, err := kindOf(r.Type)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	if r.Preview {
		return plugin.UpdateResponse{Properties: k.planned(r.NewInputs, r.OldOutputs)}, nil
	}
	if k.update != nil {
		if err := k.update(ctx, d.client, plain(r.OldInputs), plain(r.NewInputs)); err != nil {
			return plugin.UpdateResponse{}, fmt.Errorf("updating %s %q: %w", r.Type.Name(), r.ID, err)
		}
	}
	outputs, err := k.outputs(ctx, d.client, string(r.ID), r.NewInputs)
	return plugin.UpdateResponse{Properties: outputs}, err
}

func (d *double) Delete(ctx context.Context, r plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	k, err := kindOf(r.Type)
	if err != nil {
		return plugin.DeleteResponse{}, err
	}
	if err := k.remove(ctx, d.client, string(r.ID), plain(r.Inputs)); err != nil {
		return plugin.DeleteResponse{}, fmt.Errorf("deleting %s %q: %w", r.Type.Name(), r.ID, err)
	}
	return plugin.DeleteResponse{}, nil
}

func (d *double) SignalCancellation(context.Context) error { return nil }

func (d *double) Close() error { return nil }

func kindOf(t tokens.Type) (kind, error) {
	k, ok := kinds[t]
	if !ok {
		return k, fmt.Errorf("%s is not part of this test double of the minio plugin", t)
	}
	return k, nil
}

// outputs reads a resource that was just made or changed.
func (k kind) outputs(ctx context.Context, c *client, id string, inputs resource.PropertyMap) (resource.PropertyMap, error) {
	found, err := k.read(ctx, c, id, plain(inputs))
	if err == nil && found == nil {
		err = errors.New("it was made but can't be found")
	}
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", id, err)
	}
	return k.merged(inputs, found), nil
}

// merged is the inputs overlaid by what was found, secret where the schema or the program says so.
func (k kind) merged(inputs resource.PropertyMap, found values) resource.PropertyMap {
	out := inputs.Copy()
	for key, value := range found {
		name := resource.PropertyKey(key)
		secret := k.inputs[key].secret || inputs[name].IsSecret()
		out[name] = resource.NewPropertyValue(value)
		if secret {
			out[name] = resource.MakeSecret(out[name])
		}
	}
	return k.sealed(out)
}

// seen is the inputs as the resource now shows them: the program's own text wherever it means the same.
func (k kind) seen(inputs resource.PropertyMap, found values) resource.PropertyMap {
	out := inputs.Copy()
	for key, p := range k.inputs {
		value, ok := found[key]
		name := resource.PropertyKey(key)
		if ok && !p.equal(bare(inputs[name]), value) {
			out[name] = resource.NewPropertyValue(value)
		}
	}
	return k.sealed(out)
}

// planned is what a preview knows: the inputs, and of the computed outputs the old values or unknown ones.
func (k kind) planned(inputs, olds resource.PropertyMap) resource.PropertyMap {
	out := inputs.Copy()
	for _, key := range k.computed {
		name := resource.PropertyKey(key)
		if old, ok := olds[name]; ok {
			out[name] = old
		} else {
			out[name] = resource.MakeComputed(resource.NewStringProperty(""))
		}
	}
	return k.sealed(out)
}

// sealed makes secret what the schema calls secret.
func (k kind) sealed(m resource.PropertyMap) resource.PropertyMap {
	for key, p := range k.inputs {
		name := resource.PropertyKey(key)
		if value, ok := m[name]; ok && p.secret && !value.IsSecret() && !value.IsComputed() {
			m[name] = resource.MakeSecret(value)
		}
	}
	return m
}

func (p property) equal(a, b any) bool {
	return equal(a, b) || (p.same != nil && a != nil && b != nil && p.same(a, b))
}

func equal(a, b any) bool {
	return resource.NewPropertyValue(a).DeepEquals(resource.NewPropertyValue(b))
}

// check refuses unknown, missing and wrong properties and fills in defaults; unknown values pass.
func check(schema map[string]property, news resource.PropertyMap) (resource.PropertyMap, []plugin.CheckFailure) {
	var failures []plugin.CheckFailure
	fail := func(key resource.PropertyKey, reason string) {
		failures = append(failures, plugin.CheckFailure{Property: key, Reason: reason})
	}
	out := news.Copy()
	delete(out, "version") // the engine's own, in a provider's inputs
	for _, key := range out.StableKeys() {
		p, ok := schema[string(key)]
		value := out[key]
		switch {
		case !ok:
			fail(key, fmt.Sprintf("%q is not part of this test double of the minio plugin", key))
		case value.ContainsUnknowns() || p.check == nil:
		default:
			if err := p.check(bare(value)); err != nil {
				fail(key, err.Error())
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(schema)) {
		key := resource.PropertyKey(name)
		if _, ok := out[key]; ok {
			continue
		}
		if schema[name].required {
			fail(key, fmt.Sprintf("missing required property %q", name))
		}
		if schema[name].fallback != nil {
			out[key] = resource.NewPropertyValue(schema[name].fallback)
		}
	}
	return out, failures
}

// diff compares inputs, since only they can be changed by a program.
func diff(schema map[string]property, olds, news resource.PropertyMap) plugin.DiffResult {
	result := plugin.DiffResult{Changes: plugin.DiffNone, DetailedDiff: map[string]plugin.PropertyDiff{}}
	for name, p := range schema {
		key := resource.PropertyKey(name)
		before, had := olds[key]
		after, has := news[key]
		if had == has && !after.ContainsUnknowns() && p.equal(bare(before), bare(after)) {
			continue
		}
		kind := plugin.DiffUpdate
		if !had {
			kind = plugin.DiffAdd
		} else if !has {
			kind = plugin.DiffDelete
		}
		if p.replaces {
			kind = kind.AsReplace()
			result.ReplaceKeys = append(result.ReplaceKeys, key)
		}
		result.Changes = plugin.DiffSome
		result.ChangedKeys = append(result.ChangedKeys, key)
		result.DetailedDiff[name] = plugin.PropertyDiff{Kind: kind, InputDiff: true}
	}
	return result
}

func plain(m resource.PropertyMap) values {
	out := values{}
	for key, value := range m {
		out[string(key)] = bare(value)
	}
	return out
}

// bare is a property's value without the marks of secrecy; nil if there is none.
func bare(v resource.PropertyValue) any {
	return v.MapRepl(nil, func(v resource.PropertyValue) (any, bool) {
		if v.IsSecret() {
			return bare(v.SecretValue().Element), true
		}
		return nil, false
	})
}
