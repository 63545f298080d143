// Command alloy is Grafana Alloy with only the components of components.go: the whole of it takes half an hour to compile. Its runtime,
// services and components are Alloy's own; left out are the other components, the converters, usage reports and the tools.
package main

import (
	"fmt"
	"os"

	"github.com/grafana/alloy/internal/build"
	"github.com/spf13/cobra"
)

func main() {
	command := &cobra.Command{
		Use:          "alloy",
		Short:        "Grafana Alloy with the components that collect logs",
		Version:      build.Print("alloy"),
		SilenceUsage: true,
	}
	command.SetVersionTemplate("{{ .Version }}\n")
	command.AddCommand(runCommand(), validateCommand())
	if err := command.Execute(); err != nil {
		os.Exit(1)
	}
}

// readSources reads the configuration: one file, named as Alloy's parser wants it.
func readSources(path string) (map[string][]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	return map[string][]byte{path: text}, nil
}
