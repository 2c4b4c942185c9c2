using System;
using System.Runtime.InteropServices;
using System.Text;

namespace AotCompiler.Host;

/// <summary>Lines of UTF-8 to the standard streams, by the system's own calls.</summary>
/// <remarks><see cref="Console"/> would bring encodings, terminals and events along: 90 KB of a 1.5 MB program.</remarks>
internal static unsafe class HostConsole
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    public static void WriteLine(string line) => Write(StandardOutput, line);

    public static void WriteErrorLine(string line) => Write(StandardError, line);

    private static void Write(int stream, string line)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(line + "\n"))
        {
            byte* end = text + Encoding.UTF8.GetByteCount(line) + 1;
            for (byte* start = text; start < end;)
            {
                long written = OperatingSystem.IsWindows() ? WriteWindows(stream, start, end) : WritePosix(stream, start, (nint)(end - start));
                if (written <= 0)
                {
                    // Nobody reads; there is no other place to say so.
                    return;
                }

                start += written;
            }
        }
    }

    private static long WriteWindows(int stream, byte* start, byte* end)
    {
        // STD_OUTPUT_HANDLE is -11, STD_ERROR_HANDLE -12.
        uint written;
        return WriteFile(GetStdHandle(-10 - stream), start, (uint)(end - start), &written, null) != 0 ? written : 0;
    }

    [DllImport("libc", EntryPoint = "write")]
    private static extern nint WritePosix(int stream, byte* text, nint length);

    [DllImport("kernel32")]
    private static extern nint GetStdHandle(int stream);

    [DllImport("kernel32")]
    private static extern int WriteFile(nint handle, byte* text, uint length, uint* written, void* overlapped);
}
