{{- define "labels" -}}
app: minio
release: {{ .Release.Name }}
{{- end }}

{{- define "scheme" -}}
{{- .Values.tls | empty | ternary "http" "https" }}
{{- end }}

{{/* Pod spec of a server: (dict "root" $ "server" "arguments of `minio server`" "drives" (dict "volume" "mountPath") "volumes" (list)). */}}
{{- define "pod" -}}
{{- $values := .root.Values }}
securityContext: {{ omit $values.securityContext "enabled" | toJson }}
{{- with $values.imagePullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
{{- with $values.affinity }}
affinity: {{ toJson . }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.topologySpreadConstraints }}
topologySpreadConstraints: {{ toJson . }}
{{- end }}
containers:
  - name: minio
    image: {{ $values.image.repository }}:{{ $values.image.tag }}
    command:
      - /bin/sh
      - -ce
      - /usr/bin/docker-entrypoint.sh minio server {{ .server }} -S {{ $values.certsPath }} --address :9000 --console-address :9001
    ports:
      - name: {{ include "scheme" .root }}
        containerPort: 9000
      - name: {{ include "scheme" .root }}-console
        containerPort: 9001
    env:
      {{- range $variable, $key := dict "MINIO_ROOT_USER" "rootUser" "MINIO_ROOT_PASSWORD" "rootPassword" }}
      - name: {{ $variable }}
        valueFrom:
          secretKeyRef:
            name: {{ $values.existingSecret }}
            key: {{ $key }}
      {{- end }}
      {{- range $variable, $value := $values.environment }}
      - name: {{ $variable }}
        value: {{ tpl $value $.root | quote }}
      {{- end }}
    resources: {{ toJson $values.resources }}
    securityContext: {{ toJson $values.containerSecurityContext }}
    volumeMounts:
      {{- range $volume, $path := .drives }}
      - name: {{ $volume }}
        mountPath: {{ $path }}
      {{- end }}
      {{- if eq $values.mode "standalone" }}
      - name: minio-user
        mountPath: /tmp/credentials
        readOnly: true
      {{- end }}
      {{- if $values.tls }}
      - name: cert-secret-volume
        mountPath: {{ $values.certsPath }}
      - name: trusted-cert-secret-volume
        mountPath: {{ $values.certsPath }}CAs
      {{- end }}
      {{- with $values.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
  {{- with $values.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumes:
  {{- with .volumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  - name: minio-user
    secret:
      secretName: {{ $values.existingSecret }}
  {{- with $values.tls }}
  - name: cert-secret-volume
    secret:
      secretName: {{ .certSecret }}
      items:
        - key: {{ .publicCrt }}
          path: public.crt
        - key: {{ .privateKey }}
          path: private.key
  - name: trusted-cert-secret-volume
    secret:
      secretName: {{ $values.trustedCertsSecret }}
  {{- end }}
  {{- with $values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
