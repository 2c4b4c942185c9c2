using System;
using System.IO;
using AotCompiler.Emission;

// writer MEGABYTES FOLDER: the same bytes as an assembly, carrier.dll, and as a plain file, carrier.bin.
int length = int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) << 20;
void WriteBlock(Stream stream)
{
    var random = new Random(1);
    var chunk = new byte[1 << 20];
    for (int written = 0; written < length; written += chunk.Length)
    {
        random.NextBytes(chunk);
        stream.Write(chunk);
    }
}

using (FileStream assembly = File.Create(Path.Combine(args[1], "carrier.dll")))
{
    new WeightAssemblyWriter("carrier", "Carrier.Weights", length, "probe").Write(assembly, WriteBlock);
}

using (FileStream file = File.Create(Path.Combine(args[1], "carrier.bin")))
{
    WriteBlock(file);
}
