// Package kubernetes stands in for Pulumi's generated Go SDK for Kubernetes, which takes longer to compile than the plugin itself.
// The plugin uses it only for its components (ConfigFile, ConfigGroup, helm.v4.Chart): their resources are registered here under the same
// types, without typed outputs.
package kubernetes

import "reflect"

// UntypedArgs are the properties of a resource of any kind.
type UntypedArgs map[string]any

func (UntypedArgs) ElementType() reflect.Type {
	return reflect.TypeFor[map[string]any]()
}
