# Every form, as YAML and as JSON, with no error and no warning from any of the three.
set -eu
for form in published/openapi/openapi-*.yaml published/openapi/openapi-*.json; do
  npx spectral lint --ruleset .spectral.yaml --fail-severity hint "$form"
  npx redocly lint --extends recommended-strict "$form"
done
for form in published/openapi/openapi-*.yaml; do
  openapi-generator-cli validate --input-spec "$form" > validate.log || { cat validate.log; exit 1; }
  if grep -i warning validate.log; then exit 1; fi
done
