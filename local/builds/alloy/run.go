package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/grafana/ckit/advertise"
	"github.com/grafana/ckit/peer"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/grafana/alloy/internal/alloyseed"
	"github.com/grafana/alloy/internal/featuregate"
	alloyruntime "github.com/grafana/alloy/internal/runtime"
	"github.com/grafana/alloy/internal/runtime/logging"
	"github.com/grafana/alloy/internal/runtime/tracing"
	"github.com/grafana/alloy/internal/service"
	"github.com/grafana/alloy/internal/service/cluster"
	"github.com/grafana/alloy/internal/service/cluster/discovery"
	httpservice "github.com/grafana/alloy/internal/service/http"
	"github.com/grafana/alloy/internal/service/labelstore"
	"github.com/grafana/alloy/internal/service/livedebugging"
	"github.com/grafana/alloy/internal/service/otel"
	"github.com/grafana/alloy/internal/service/remotecfg"
	"github.com/grafana/alloy/internal/service/ui"
	"github.com/grafana/alloy/syntax/diag"
)

// options are the flags of run: those that Alloy's chart can pass.
type options struct {
	listenAddress   string
	uiPrefix        string
	storagePath     string
	stability       featuregate.Stability
	clusterEnabled  bool
	clusterJoin     string
	clusterName     string
	ignoreReporting bool
}

func runCommand() *cobra.Command {
	o := options{stability: featuregate.StabilityGenerallyAvailable}
	command := &cobra.Command{
		Use:   "run [flags] file",
		Short: "Run Alloy until it is interrupted",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return run(o, args[0])
		},
	}
	o.register(command.Flags())
	return command
}

func (o *options) register(flags *pflag.FlagSet) {
	flags.StringVar(&o.listenAddress, "server.http.listen-addr", "127.0.0.1:12345", "Address to listen for HTTP traffic on")
	flags.StringVar(&o.uiPrefix, "server.http.ui-path-prefix", "/", "Prefix to serve the HTTP UI at")
	flags.StringVar(&o.storagePath, "storage.path", "data-alloy/", "Base directory where components can store data")
	flags.Var(&o.stability, "stability.level", "Minimum stability of the features that may be used")
	flags.BoolVar(&o.clusterEnabled, "cluster.enabled", false, "Start in clustered mode")
	flags.StringVar(&o.clusterJoin, "cluster.join-addresses", "", "Comma-separated list of addresses to join the cluster at")
	flags.StringVar(&o.clusterName, "cluster.name", "", "Name of the cluster to join")
	flags.BoolVar(&o.ignoreReporting, "disable-reporting", true, "Accepted for the chart: this build never reports")
}

// run loads the configuration at path and runs it until SIGINT or SIGTERM; SIGHUP and /-/reload load it again.
func run(o options, path string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var background sync.WaitGroup
	defer background.Wait()
	defer stop()

	logs, err := logging.NewDeferred(os.Stderr)
	if err != nil {
		return err
	}
	logger := logs.Slog()
	tracer, err := tracing.New(tracing.DefaultOptions)
	if err != nil {
		return err
	}
	if _, err := memlimit.SetGoMemLimitWithOpts(memlimit.WithLogger(logger)); err != nil {
		logger.Warn("no memory limit set", "err", err)
	}
	background.Add(1)
	go func() {
		defer background.Done()
		if err := tracer.Run(ctx); err != nil {
			logger.Error("tracer stopped", "err", err)
		}
	}()

	clusterService, err := newCluster(o, logger, tracer)
	if err != nil {
		return err
	}
	remoteService, err := remotecfg.New(remotecfg.Options{
		Logger:      logger.With("service", "remotecfg"),
		ConfigPath:  path,
		StoragePath: o.storagePath,
		Metrics:     prometheus.DefaultRegisterer,
	})
	if err != nil {
		return err
	}
	otelService := otel.New(logger.With("service", "otel"))
	if otelService == nil {
		return errors.New("the otel service could not be made")
	}
	debugging := livedebugging.New()

	// The HTTP service answers for the controller, which is made with the services: the functions are filled in below.
	var ready func() bool
	var reload func() error
	httpService := httpservice.New(httpservice.Options{
		Logger:           logs,
		Tracer:           tracer,
		Gatherer:         prometheus.DefaultGatherer,
		ReadyFunc:        func() bool { return ready() },
		ReloadFunc:       func() error { return reload() },
		HTTPListenAddr:   o.listenAddress,
		MemoryListenAddr: "alloy.internal:12345",
		EnablePProf:      true,
		MinStability:     o.stability,
		BundleContext:    httpservice.SupportBundleContext{DisableSupportBundle: true},
	})
	alloyseed.Init(o.storagePath, logger)
	controller, err := alloyruntime.New(alloyruntime.Options{
		Logger:       logs,
		Tracer:       tracer,
		DataPath:     o.storagePath,
		Reg:          prometheus.DefaultRegisterer,
		MinStability: o.stability,
		Services: []service.Service{
			clusterService,
			httpService,
			labelstore.New(logger, prometheus.DefaultRegisterer),
			debugging,
			otelService,
			remoteService,
			ui.New(ui.Options{
				UIPrefix:        o.uiPrefix,
				CallbackManager: debugging.Data().(livedebugging.CallbackManager),
				Logger:          logger.With("service", "ui"),
			}),
		},
		TaskShutdownDeadline: 10 * time.Minute,
	})
	if err != nil {
		return err
	}
	ready = controller.Ready
	reload = func() error { return load(controller, httpService, path) }

	background.Add(1)
	go func() {
		defer background.Done()
		controller.Run(ctx)
	}()
	if err := reload(); err != nil {
		return err
	}
	if err := clusterService.ChangeState(ctx, peer.StateParticipant); err != nil {
		return fmt.Errorf("joining the cluster: %w", err)
	}

	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-hangup:
			if err := reload(); err != nil {
				logger.Error("failed to reload config", "err", err)
			} else {
				logger.Info("config reloaded")
			}
		}
	}
}

// load reads the configuration and gives it to the controller; faults in it are printed with their lines.
func load(controller *alloyruntime.Runtime, httpService *httpservice.Service, path string) error {
	sources, err := readSources(path)
	if err != nil {
		return err
	}
	source, err := alloyruntime.ParseSources(sources)
	if err == nil {
		httpService.SetSources(source.SourceFiles())
		err = controller.LoadSource(source, nil, path)
	}
	var faults diag.Diagnostics
	if errors.As(err, &faults) {
		printer := diag.NewPrinter(diag.PrinterConfig{ContextLinesBefore: 1, ContextLinesAfter: 1})
		_ = printer.Fprint(os.Stderr, sources, faults)
	}
	return err
}

// newCluster makes the cluster service: alone unless clustering is on.
func newCluster(o options, logger *slog.Logger, tracer *tracing.Tracer) (*cluster.Service, error) {
	node, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(o.listenAddress)
	if err != nil {
		return nil, fmt.Errorf("--server.http.listen-addr: %w", err)
	}
	settings := cluster.Options{
		Log:              logger.With("service", "cluster"),
		Metrics:          prometheus.DefaultRegisterer,
		Tracer:           tracer,
		EnableClustering: o.clusterEnabled,
		NodeName:         node,
		AdvertiseAddress: net.JoinHostPort("127.0.0.1", port),
		RejoinInterval:   time.Minute,
		ClusterName:      o.clusterName,
	}
	if o.clusterEnabled {
		address, err := advertise.FirstAddress(advertise.DefaultInterfaces)
		if err != nil {
			return nil, fmt.Errorf("finding the address for the cluster: %w", err)
		}
		settings.AdvertiseAddress = net.JoinHostPort(address.String(), port)
		settings.DiscoverPeers, err = discovery.NewPeerDiscoveryFn(discovery.Options{
			JoinPeers:   strings.Split(o.clusterJoin, ","),
			DefaultPort: 12345,
			Logger:      logger,
			Tracer:      tracer,
		})
		if err != nil {
			return nil, err
		}
	}
	return cluster.New(settings)
}
