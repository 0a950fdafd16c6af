#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_man.sh ROOT: mandoc has nothing to say against a manual page, but matters of taste.
command -v mandoc >/dev/null || { echo 'mandoc is not here'; exit 77; }
cd "$1/doc" && mandoc -T lint -W warning ./*.[1-9]
