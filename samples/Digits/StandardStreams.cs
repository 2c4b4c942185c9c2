using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Samples.DigitReader;

/// <summary>Lines of UTF-8 to standard output and error, by the system's own call.</summary>
/// <remarks>The console would bring keyboard, colours and terminal types into the program: 140 KB that it does not use.</remarks>
internal static unsafe class StandardStreams
{
    private const int Output = 1;
    private const int Error = 2;

    public static void WriteLine(string line = "") => Write(Output, line);

    public static void WriteErrorLine(string line) => Write(Error, line);

    private static void Write(int stream, string line)
    {
        if (OperatingSystem.IsWindows())
        {
            (stream == Output ? Console.Out : Console.Error).WriteLine(line);
            return;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* start = bytes)
        {
            // A reader that has gone, as `head` does, is no error.
            nint written = 1;
            for (nint done = 0; done < bytes.Length && written > 0; done += written)
            {
                written = Write(stream, start + done, bytes.Length - done);
            }
        }
    }

    [DllImport("libc", EntryPoint = "write")]
    private static extern nint Write(int stream, byte* bytes, nint count);
}
