using System;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AotCompiler.Onnx;

/// <summary>What the operating system knows about a file that .NET Standard does not tell: its kind and its number of names.</summary>
/// <param name="Device">Volume or device number; with <paramref name="Inode"/> it identifies the file.</param>
/// <param name="Inode">Number of the file on its device.</param>
/// <param name="IsRegularFile">Neither a folder, link, device, pipe nor socket.</param>
/// <param name="LinkCount">Names of the file in its file system.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, bool IsRegularFile, ulong LinkCount)
{
    private const int FileTypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Looks at a name without opening it or following a link; null where that cannot be done.</summary>
    public static unsafe FileIdentity? OfPath(string path)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            return OfWindowsPath(path);
        }

        byte[] name = Encoding.UTF8.GetBytes(path + "\0");
        fixed (byte* pointer = name)
        {
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
            {
                return Statx(Linux.CurrentFolder, pointer, Linux.NoFollow);
            }

            if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX))
            {
                byte* buffer = stackalloc byte[Mac.StatBytes];
                return FromMac(Mac.IsArm ? Mac.LStat(pointer, buffer) : Mac.LStatIntel(pointer, buffer), buffer);
            }
        }

        return null;
    }

    /// <summary>Looks at an open file; null where that cannot be done.</summary>
    public static unsafe FileIdentity? OfHandle(SafeFileHandle handle)
    {
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            IntPtr raw = handle.DangerousGetHandle();
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            {
                return OfWindowsHandle(raw);
            }

            byte empty = 0;
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
            {
                return Statx((int)raw, &empty, Linux.EmptyPath);
            }

            if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX))
            {
                byte* buffer = stackalloc byte[Mac.StatBytes];
                return FromMac(Mac.IsArm ? Mac.FStat((int)raw, buffer) : Mac.FStatIntel((int)raw, buffer), buffer);
            }

            return null;
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    /// <summary>statx, unlike stat, has the same layout on every architecture and C library.</summary>
    private static unsafe FileIdentity? Statx(int folder, byte* path, int flags)
    {
        byte* buffer = stackalloc byte[Linux.StatxBytes];
        try
        {
            if (Linux.Statx(folder, path, flags, Linux.BasicStats, buffer) != 0)
            {
                return null;
            }
        }
        catch (TypeLoadException)
        {
            return null;
        }

        uint linkCount = *(uint*)(buffer + 16);
        ushort mode = *(ushort*)(buffer + 28);
        ulong inode = *(ulong*)(buffer + 32);
        ulong device = ((ulong)*(uint*)(buffer + 136) << 32) | *(uint*)(buffer + 140);
        return new FileIdentity(device, inode, (mode & FileTypeMask) == RegularFile, linkCount);
    }

    private static unsafe FileIdentity? FromMac(int result, byte* buffer) => result != 0 ? null : new FileIdentity(
        *(uint*)buffer, *(ulong*)(buffer + 8), (*(ushort*)(buffer + 4) & FileTypeMask) == RegularFile, *(ushort*)(buffer + 6));

    /// <summary>Windows tells these facts of an open file only, so it is opened for its attributes alone.</summary>
    private static FileIdentity? OfWindowsPath(string path)
    {
        using SafeFileHandle handle = Windows.CreateFile(
            path, 0, Windows.ShareAll, IntPtr.Zero, Windows.OpenExisting, Windows.OpenReparsePoint | Windows.BackupSemantics, IntPtr.Zero);
        return handle.IsInvalid ? null : OfWindowsHandle(handle.DangerousGetHandle());
    }

    private static FileIdentity? OfWindowsHandle(IntPtr handle)
    {
        if (Windows.GetFileType(handle) != Windows.DiskFile)
        {
            return new FileIdentity(0, 0, false, 1);
        }

        if (!Windows.GetFileInformationByHandle(handle, out Windows.FileInformation info))
        {
            return null;
        }

        const uint NotPlain = Windows.AttributeDirectory | Windows.AttributeDevice | Windows.AttributeReparsePoint;
        ulong index = ((ulong)info.IndexHigh << 32) | info.IndexLow;
        return new FileIdentity(info.VolumeSerialNumber, index, (info.Attributes & NotPlain) == 0, info.LinkCount);
    }

    private static unsafe class Linux
    {
        public const int CurrentFolder = -100;
        public const int NoFollow = 0x100;
        public const int EmptyPath = 0x1000;
        public const uint BasicStats = 0x7FF;
        public const int StatxBytes = 256;

        [DllImport("libc", EntryPoint = "statx")]
        public static extern int Statx(int folder, byte* path, int flags, uint mask, byte* buffer);
    }

    private static unsafe class Mac
    {
        public const int StatBytes = 256;

        public static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

        [DllImport("libc", EntryPoint = "lstat")]
        public static extern int LStat(byte* path, byte* buffer);

        [DllImport("libc", EntryPoint = "fstat")]
        public static extern int FStat(int file, byte* buffer);

        [DllImport("libc", EntryPoint = "lstat$INODE64")]
        public static extern int LStatIntel(byte* path, byte* buffer);

        [DllImport("libc", EntryPoint = "fstat$INODE64")]
        public static extern int FStatIntel(int file, byte* buffer);
    }

    private static class Windows
    {
        public const uint ShareAll = 7;
        public const uint OpenExisting = 3;
        public const uint OpenReparsePoint = 0x00200000;
        public const uint BackupSemantics = 0x02000000;
        public const uint DiskFile = 1;
        public const uint AttributeDirectory = 0x10;
        public const uint AttributeDevice = 0x40;
        public const uint AttributeReparsePoint = 0x400;

        [DllImport("kernel32", EntryPoint = "CreateFileW", CharSet = CharSet.Unicode)]
        public static extern SafeFileHandle CreateFile(
            string name, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);

        [DllImport("kernel32")]
        public static extern uint GetFileType(IntPtr file);

        [DllImport("kernel32")]
        [return: MarshalAs(UnmanagedType.Bool)]
        public static extern bool GetFileInformationByHandle(IntPtr file, out FileInformation information);

        [StructLayout(LayoutKind.Sequential)]
        public struct FileInformation
        {
            public uint Attributes;
            public uint CreationLow;
            public uint CreationHigh;
            public uint AccessLow;
            public uint AccessHigh;
            public uint WriteLow;
            public uint WriteHigh;
            public uint VolumeSerialNumber;
            public uint SizeHigh;
            public uint SizeLow;
            public uint LinkCount;
            public uint IndexHigh;
            public uint IndexLow;
        }
    }
}
