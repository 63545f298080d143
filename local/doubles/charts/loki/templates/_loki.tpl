{{/* Where a pod runs: (dict "values" .Values.write). Only what is set. */}}
{{- define "placement" -}}
{{- with .values.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Labels of every object of Loki, also used to select it. */}}
{{- define "labels" -}}
app.kubernetes.io/name: loki
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Configuration after its template expressions, keys sorted. */}}
{{- define "config" -}}
{{ tpl .Values.loki.config . | fromYaml | toYaml }}
{{- end }}

{{/* GOMEMLIMIT for a memory limit in Mi or Gi: 85 % of it. */}}
{{- define "goMemoryLimit" -}}
{{ $mebi := regexFind "^[0-9.]+" . | float64 | mulf (hasSuffix "Gi" . | ternary 1024 1) }}
{{- mulf $mebi 0.85 | int }}MiB
{{- end }}

{{/* Ports of a Service that reaches Loki itself. */}}
{{- define "ports" -}}
- name: http-metrics
  port: 3100
  targetPort: http-metrics
- name: grpc
  port: 9095
  targetPort: grpc
- name: grpclb
  port: 9096
  targetPort: grpc
{{- end }}

{{/* What Pod Security `restricted` requires of a container. */}}
{{- define "restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end }}
