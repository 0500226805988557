{{/* The same whatever the release is called: resource kinds and webhook are the cluster's, so there is one UPM in it. */}}
{{- define "upm.name" -}}
upm-runtime
{{- end -}}

{{- define "upm.selector" -}}
app.kubernetes.io/name: upm-runtime
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "upm.labels" -}}
{{ include "upm.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}
