#!/bin/bash
# Builds kube-apiserver 1.20 from Debian 12's source package, which has the whole upstream tree but no
# binary package. Needs about 2 GB in the current folder, which the caller removes.
#
# usage: build-kube-apiserver.sh ROOT SOURCE OUTPUT
#   ROOT    folder with Debian's golang-1.19 and golang-github-modern-go-reflect2-dev unpacked
#   SOURCE  kubernetes_*.orig.tar.gz
#   OUTPUT  the binary to write
set -euo pipefail
root=$1 source=$2 output=$3 work=$PWD

export GOROOT=$root/usr/lib/go-1.19 GOPATH=$work/gopath GOCACHE=$work/gocache
export PATH=$GOROOT/bin:$PATH GO111MODULE=off GOFLAGS='' GOPROXY=off CGO_ENABLED=0
tree=$GOPATH/src/k8s.io/kubernetes
mkdir -p "$tree"
tar --extract --gzip --file "$source" --strip-components=1 --directory "$tree"
cd "$tree"

# The vendored reflect2 1.0.1 crashes with Go 1.18 and later.
rm -rf vendor/github.com/modern-go/reflect2
cp -rL "$root/usr/share/gocode/src/github.com/modern-go/reflect2" vendor/github.com/modern-go/

# The source package lacks one generated file: the OpenAPI definitions of every package that asks for them.
asking_for_openapi() { grep -rl --include='*.go' '+k8s:openapi-gen=' "$@" | xargs -n1 dirname; }
packages=$( {
  (cd staging/src && asking_for_openapi k8s.io) |
    grep -vE '^k8s.io/(code-generator|sample-apiserver)(/|$)' | sed 's#^#k8s.io/kubernetes/vendor/#'
  asking_for_openapi pkg cmd plugin | sed 's#^#k8s.io/kubernetes/#'
} | LC_ALL=C sort -u | paste -sd,)
go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
"$work/openapi-gen" --logtostderr -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi \
  -O zz_generated.openapi -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r /dev/null

version=v$(basename "$source" | sed -E 's/^kubernetes_(.*\+really)?([0-9.]+)\.orig\.tar\.gz$/\2/')
base=k8s.io/kubernetes/vendor/k8s.io/component-base/version
client=k8s.io/kubernetes/vendor/k8s.io/client-go/pkg/version
flags="-s -w -X $base.gitVersion=$version -X $base.gitMajor=1 -X $base.gitMinor=20 -X $base.gitTreeState=clean"
go build -tags providerless -trimpath -ldflags "$flags -X $client.gitVersion=$version" \
  -o "$output" ./cmd/kube-apiserver
