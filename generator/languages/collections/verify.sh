# Every request of both collections is answered with the status that it expects.
set -eu
npx newman run published/collections/postman.json --env-var "baseUrl=$COC_ENDPOINT" --env-var "token=$COC_AUTH_TOKEN" --bail
cd published/collections/bruno
npx --prefix ../../.. bru run --env service --env-var "baseUrl=$COC_ENDPOINT" --env-var "token=$COC_AUTH_TOKEN" --bail
