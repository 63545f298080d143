package main

import (
	"errors"
	"os"

	"github.com/grafana/alloy/internal/component"
	"github.com/grafana/alloy/internal/featuregate"
	"github.com/grafana/alloy/internal/service"
	"github.com/grafana/alloy/internal/service/cluster"
	"github.com/grafana/alloy/internal/service/http"
	"github.com/grafana/alloy/internal/service/labelstore"
	"github.com/grafana/alloy/internal/service/livedebugging"
	"github.com/grafana/alloy/internal/service/otel"
	"github.com/grafana/alloy/internal/service/remotecfg"
	"github.com/grafana/alloy/internal/service/ui"
	"github.com/grafana/alloy/internal/validator"
	"github.com/spf13/cobra"
)

func validateCommand() *cobra.Command {
	stability := featuregate.StabilityGenerallyAvailable
	command := &cobra.Command{
		Use:   "validate [flags] file",
		Short: "Check a configuration file without running it",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			sources, err := readSources(args[0])
			if err != nil {
				return err
			}
			err = validator.Validate(validator.Options{
				Sources:            sources,
				ServiceDefinitions: definitions(),
				ComponentRegistry:  component.NewDefaultRegistry(stability, false),
				MinStability:       stability,
			})
			if err != nil {
				validator.Report(os.Stderr, err, sources)
				return errors.New("validation failed")
			}
			return nil
		},
	}
	command.Flags().Var(&stability, "stability.level", "Minimum stability of the features that may be used")
	return command
}

func definitions() []service.Definition {
	services := []service.Service{
		&cluster.Service{}, &http.Service{}, &labelstore.Service{}, &livedebugging.Service{}, &otel.Service{}, &remotecfg.Service{}, &ui.Service{},
	}
	list := make([]service.Definition, len(services))
	for i, s := range services {
		list[i] = s.Definition()
	}
	return list
}
