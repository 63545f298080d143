// Package loki stands in for pkg/translator/loki v0.153.0, which module proxies do not serve, as they serve no version that compiles with this
// Alloy's Prometheus. It translates log records as upstream's does, by the same hints, but for bodies of the format "raw" alone.
package loki

import (
	"fmt"
	"strings"
	"time"

	"github.com/grafana/loki/pkg/push"
	"github.com/prometheus/common/model"
	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

const (
	attributeHint = "loki.attribute.labels"
	resourceHint  = "loki.resource.labels"
	formatHint    = "loki.format"
)

// PushEntry is an entry with its labels.
type PushEntry struct {
	Entry  *push.Entry
	Labels model.LabelSet
}

// ConvertEntryToLogRecord writes an entry, its labels and its structured metadata into a log record.
func ConvertEntryToLogRecord(entry *push.Entry, record *plog.LogRecord, labels model.LabelSet, keepTimestamp bool) {
	observed := pcommon.NewTimestampFromTime(time.Now())
	record.SetObservedTimestamp(observed)
	record.SetTimestamp(observed)
	if keepTimestamp && !entry.Timestamp.IsZero() {
		record.SetTimestamp(pcommon.NewTimestampFromTime(entry.Timestamp))
	}
	record.Body().SetStr(entry.Line)
	for name, value := range labels {
		record.Attributes().PutStr(string(name), string(value))
	}
	for _, metadata := range entry.StructuredMetadata {
		record.Attributes().PutStr(metadata.Name, metadata.Value)
	}
}

// LogToLokiEntry makes an entry of a log record; the attributes that the hints name become labels, and upstream adds one of its own.
func LogToLokiEntry(record plog.LogRecord, resource pcommon.Resource, _ pcommon.InstrumentationScope, _ map[string]bool) (*PushEntry, error) {
	if format, ok := record.Attributes().Get(formatHint); !ok || format.AsString() != "raw" {
		return nil, fmt.Errorf("this build knows the format raw alone: set %s", formatHint)
	}
	labels := model.LabelSet{"exporter": "OTLP"}
	for _, from := range []struct {
		hint       string
		attributes pcommon.Map
	}{{resourceHint, resource.Attributes()}, {attributeHint, record.Attributes()}} {
		names, ok := record.Attributes().Get(from.hint)
		if !ok {
			continue
		}
		for _, name := range strings.Split(names.AsString(), ",") {
			value, ok := from.attributes.Get(strings.TrimSpace(name))
			if !ok {
				continue
			}
			namer := otlptranslator.LabelNamer{}
			label, err := namer.Build(strings.TrimSpace(name))
			if err != nil {
				return nil, err
			}
			labels[model.LabelName(label)] = model.LabelValue(value.AsString())
		}
	}
	return &PushEntry{Entry: &push.Entry{Timestamp: record.Timestamp().AsTime(), Line: record.Body().AsString()}, Labels: labels}, nil
}
