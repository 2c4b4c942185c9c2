#!/bin/bash
# Compares two carriers of packed weights, an assembly with a mapped field and an embedded resource (docs/adr/0004).
# usage: eng/weight-carrier/measure.sh [MEGABYTES …]   needs /usr/bin/time, Linux, the .NET SDK
set -e
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here/reader" "$work/reader"
dotnet build "$here/writer" -c Release -o "$work/writer" -v q -nologo >/dev/null
cd "$work/reader"
for size in "${@:-14}"; do
  mkdir -p "$work/data"
  dotnet "$work/writer/writer.dll" "$size" "$work/data"
  for carrier in assembly resource; do
    rm -rf bin obj
    options="-p:Configuration=Release -p:Carrier=$carrier -p:Data=$work/data -v q -nologo"
    dotnet restore -r linux-x64 $options >/dev/null
    dotnet build --no-restore -r linux-x64 $options >/dev/null  # warm
    touch Program.cs
    echo "== $size MB, $carrier"
    /usr/bin/time -f "build %e s" dotnet build --no-restore -r linux-x64 -p:UseSharedCompilation=false $options >/dev/null
    for i in 1 2 3; do echo "JIT:       $(dotnet bin/Release/net9.0/linux-x64/reader.dll)"; done
    /usr/bin/time -f "publish %e s, largest process %M KiB" dotnet publish --no-restore -r linux-x64 $options >/dev/null
    for i in 1 2 3; do echo "NativeAOT: $(bin/Release/net9.0/linux-x64/publish/reader)"; done
    stat -c "program %s bytes" bin/Release/net9.0/linux-x64/publish/reader
  done
done
