package main

// The components that a pipeline may use in this build.
import (
	_ "github.com/grafana/alloy/internal/component/discovery/file"
	_ "github.com/grafana/alloy/internal/component/discovery/kubernetes"
	_ "github.com/grafana/alloy/internal/component/discovery/relabel"
	_ "github.com/grafana/alloy/internal/component/local/file_match"
	_ "github.com/grafana/alloy/internal/component/loki/process"
	_ "github.com/grafana/alloy/internal/component/loki/relabel"
	_ "github.com/grafana/alloy/internal/component/loki/source/file"
	_ "github.com/grafana/alloy/internal/component/loki/source/kubernetes"
	_ "github.com/grafana/alloy/internal/component/loki/source/kubernetes_events"
	_ "github.com/grafana/alloy/internal/component/loki/write"
	_ "github.com/grafana/alloy/internal/component/otelcol/exporter/loki"
	_ "github.com/grafana/alloy/internal/component/otelcol/processor/attributes"
	_ "github.com/grafana/alloy/internal/component/otelcol/processor/groupbyattrs"
	_ "github.com/grafana/alloy/internal/component/otelcol/processor/k8sattributes"
	_ "github.com/grafana/alloy/internal/component/otelcol/receiver/loki"
)
