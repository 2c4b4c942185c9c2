using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;

/// <summary>Gets the address of the weights, then reads all of them once; prints times, alignment and memory.</summary>
internal static unsafe class Program
{
    private static void Main()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        (long, long) before = Memory();
        var watch = Stopwatch.StartNew();
        byte* weights = Find(out long length);
        double found = watch.Elapsed.TotalMilliseconds;
        (long, long) after = Memory();
        long sum = 0;
        for (long i = 0; i < length; i += 64)
        {
            sum += weights[i];
        }

        double read = watch.Elapsed.TotalMilliseconds;
        (long Anonymous, long File) end = Memory();
        Console.WriteLine($"address after {found:F2} ms, all read after {read:F1} ms, address mod 64 = {(long)weights % 64}, anonymous memory +{(end.Anonymous - before.Item1) / 1024.0:F1} MB, file-backed +{(end.File - before.Item2) / 1024.0:F1} MB (resident +{(after.Item1 + after.Item2 - before.Item1 - before.Item2) / 1024.0:F1} MB before the first read) {sum & 1}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* Find(out long length)
    {
#if ASSEMBLY
        length = Unsafe.SizeOf<Carrier.WeightsBlock>();
        return (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in Carrier.Weights.Data));
#else
        var stream = (UnmanagedMemoryStream)typeof(Program).Assembly.GetManifestResourceStream("carrier")!;
        length = stream.Length;
        return stream.PositionPointer;
#endif
    }

    /// <summary>Resident memory in KiB: anonymous, and backed by files.</summary>
    private static (long Anonymous, long File) Memory()
    {
        string[] lines = File.ReadAllLines("/proc/self/status");
        long Value(string key) => long.Parse(lines.Single(l => l.StartsWith(key, StringComparison.Ordinal)).Split(':')[1].Replace("kB", string.Empty).Trim(), CultureInfo.InvariantCulture);
        return (Value("RssAnon"), Value("RssFile"));
    }
}
