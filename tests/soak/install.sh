#!/bin/sh
# Fetches the stand-ins that the soak tests run against and that are no Python packages.
# The Python ones come with the extra `soak`.
set -eu
folder="$(dirname "$0")/../../build/soak"
mkdir -p "$folder"
npm install --no-save --no-audit --no-fund --silent --prefix "$folder" @copilotkit/aimock@1.43.0
