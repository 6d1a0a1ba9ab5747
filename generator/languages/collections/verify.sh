# Every request of both collections is answered with the status that it expects.
set -eu
npx newman run published/collections/postman.json --env-var "baseUrl=$COC_ENDPOINT" --env-var "token=$COC_AUTH_TOKEN" --bail
cd published/collections/bruno
# bru's default sandbox is still loading when the first answer of a busy machine comes, and then fails its assertion.
npx --prefix ../../.. bru run --sandbox developer \
  --env service --env-var "baseUrl=$COC_ENDPOINT" --env-var "token=$COC_AUTH_TOKEN" --bail
