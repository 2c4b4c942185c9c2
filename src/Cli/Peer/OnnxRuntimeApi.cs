using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AotCompiler.Cli.Peer;

/// <summary>The functions of ONNX Runtime's C interface that are needed here, called through its table.</summary>
/// <remarks>
/// The table, <c>OrtApi</c> of onnxruntime_c_api.h, only ever grows at its end, so that an index means the same function in
/// every later version. Functions that can fail return a status, null for success.
/// </remarks>
internal sealed unsafe class OnnxRuntimeApi
{
    /// <summary>Version of the table that is asked for: that of ONNX Runtime 1.14, older than every function used here.</summary>
    private const uint TableVersion = 14;

    private readonly void** _table;

    private OnnxRuntimeApi(void** table, string version)
    {
        _table = table;
        Version = version;
    }

    /// <summary>Version of the loaded library, such as <c>1.20.1</c>.</summary>
    public string Version { get; }

    /// <summary>Loads the library at the path.</summary>
    /// <exception cref="OnnxRuntimeException">It cannot be loaded, or is no ONNX Runtime, or is too old.</exception>
    public static OnnxRuntimeApi Load(string path)
    {
        var library = LoadLibrary(path);
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var getApiBase))
        {
            NativeLibrary.Free(library);
            throw new OnnxRuntimeException($"{path} is not ONNX Runtime: it does not export OrtGetApiBase.");
        }

        var apiBase = ((delegate* unmanaged<void**>)getApiBase)();
        var version = Text(((delegate* unmanaged<byte*>)apiBase[1])());
        var table = ((delegate* unmanaged<uint, void**>)apiBase[0])(TableVersion);
        return table is not null
            ? new OnnxRuntimeApi(table, version)
            : throw new OnnxRuntimeException($"{path} is ONNX Runtime {version}; version 1.{TableVersion} or later is needed.");
    }

    public void* CreateEnvironment(int logLevel)
    {
        void* environment;
        fixed (byte* name = Utf8("aotc"))
        {
            Check(((delegate* unmanaged<int, byte*, void**, void*>)_table[3])(logLevel, name, &environment));
        }

        return environment;
    }

    public void* CreateSession(void* environment, string modelPath, void* options)
    {
        void* session;

        fixed (byte* characters = PathText(modelPath))
        {
            Check(((delegate* unmanaged<void*, byte*, void*, void**, void*>)_table[7])(environment, characters, options, &session));
        }

        return session;
    }

    public void Run(void* session, byte** inputNames, void** inputs, nuint inputCount, byte** outputNames, nuint outputCount, void** outputs) =>
        Check(((delegate* unmanaged<void*, void*, byte**, void**, nuint, byte**, nuint, void**, void*>)_table[9])(
            session, null, inputNames, inputs, inputCount, outputNames, outputCount, outputs));

    public void* CreateSessionOptions() => Create(10);

    /// <summary>Writes the model, as it is after all rewrites, to a file when the session is made.</summary>
    public void SetOptimizedModelPath(void* options, string path) => SetPath(11, options, path);

    /// <summary>Notes the time of every node; <see cref="EndProfiling"/> writes them to a file.</summary>
    public void EnableProfiling(void* options, string prefix) => SetPath(14, options, prefix);

    /// <summary>Ends the noting of times and returns the path of the file they were written to.</summary>
    public string EndProfiling(void* session)
    {
        byte* path;
        void* allocator = DefaultAllocator();
        Check(((delegate* unmanaged<void*, void*, byte**, void*>)_table[110])(session, allocator, &path));
        var text = Text(path);
        Check(((delegate* unmanaged<void*, void*, void*>)_table[76])(allocator, path));
        return text;
    }

    public void SetLogSeverity(void* options, int severity) => SetOption(22, options, severity);

    public void SetOptimizationLevel(void* options, int level) => SetOption(23, options, level);

    public void SetIntraOpThreads(void* options, int threads) => SetOption(24, options, threads);

    public void SetInterOpThreads(void* options, int threads) => SetOption(25, options, threads);

    public void OverrideFreeDimension(void* options, string name, long extent)
    {
        fixed (byte* characters = Utf8(name))
        {
            Check(((delegate* unmanaged<void*, byte*, long, void*>)_table[124])(options, characters, extent));
        }
    }

    public nuint InputCount(void* session) => Count(30, session);

    public nuint OutputCount(void* session) => Count(31, session);

    /// <summary>Caller releases with <see cref="ReleaseTypeInfo"/>.</summary>
    public void* InputTypeInfo(void* session, nuint index) => TypeInfo(33, session, index);

    /// <summary>Caller releases with <see cref="ReleaseTypeInfo"/>.</summary>
    public void* OutputTypeInfo(void* session, nuint index) => TypeInfo(34, session, index);

    public string InputName(void* session, nuint index) => Name(36, session, index);

    public string OutputName(void* session, nuint index) => Name(37, session, index);

    /// <summary>A tensor over memory that the caller keeps alive and in place until it releases the value.</summary>
    public void* CreateTensorOver(void* memoryInfo, void* data, nuint bytes, ReadOnlySpan<long> shape, int elementType)
    {
        void* value;
        fixed (long* extents = shape)
        {
            Check(((delegate* unmanaged<void*, void*, nuint, long*, nuint, int, void**, void*>)_table[49])(
                memoryInfo, data, bytes, extents, (nuint)shape.Length, elementType, &value));
        }

        return value;
    }

    /// <summary>A tensor of strings in memory of its own.</summary>
    public void* CreateStringTensor(ReadOnlySpan<long> shape, int elementType, IReadOnlyList<string> elements)
    {
        void* value;
        fixed (long* extents = shape)
        {
            Check(((delegate* unmanaged<void*, long*, nuint, int, void**, void*>)_table[48])(DefaultAllocator(), extents, (nuint)shape.Length, elementType, &value));
        }

        using var texts = new NativeTexts(elements);
        Check(((delegate* unmanaged<void*, byte**, nuint, void*>)_table[52])(value, texts.Pointers, (nuint)elements.Count));
        return value;
    }

    /// <summary>The elements of a tensor of strings.</summary>
    public string[] Strings(void* value, int count)
    {
        nuint bytes;
        Check(((delegate* unmanaged<void*, nuint*, void*>)_table[53])(value, &bytes));
        var text = new byte[Math.Max(1, (int)bytes)];
        var starts = new nuint[count + 1];
        fixed (byte* characters = text)
        fixed (nuint* offsets = starts)
        {
            Check(((delegate* unmanaged<void*, void*, nuint, nuint*, nuint, void*>)_table[54])(value, characters, bytes, offsets, (nuint)count));
        }

        starts[count] = bytes;
        var result = new string[count];
        for (int i = 0; i < count; i++)
        {
            result[i] = Encoding.UTF8.GetString(text, (int)starts[i], (int)(starts[i + 1] - starts[i]));
        }

        return result;
    }

    public bool IsTensor(void* value)
    {
        int isTensor;
        Check(((delegate* unmanaged<void*, int*, void*>)_table[50])(value, &isTensor));
        return isTensor != 0;
    }

    public void* TensorMemory(void* value)
    {
        void* data;
        Check(((delegate* unmanaged<void*, void**, void*>)_table[51])(value, &data));
        return data;
    }

    /// <summary>A view into the type information, valid as long as it is; null if the type is no tensor.</summary>
    public void* AsTensorInfo(void* typeInfo)
    {
        void* info;
        Check(((delegate* unmanaged<void*, void**, void*>)_table[55])(typeInfo, &info));
        return info;
    }

    public int ElementType(void* tensorInfo)
    {
        int type;
        Check(((delegate* unmanaged<void*, int*, void*>)_table[60])(tensorInfo, &type));
        return type;
    }

    /// <summary>Extents; −1 where the model leaves one open.</summary>
    public long[] Shape(void* tensorInfo)
    {
        nuint rank;
        Check(((delegate* unmanaged<void*, nuint*, void*>)_table[61])(tensorInfo, &rank));
        var shape = new long[(int)rank];
        fixed (long* extents = shape)
        {
            Check(((delegate* unmanaged<void*, long*, nuint, void*>)_table[62])(tensorInfo, extents, rank));
        }

        return shape;
    }

    /// <summary>Names of the open extents; empty where an extent has none.</summary>
    public string[] DimensionNames(void* tensorInfo, int rank)
    {
        var pointers = new nint[rank];
        fixed (nint* names = pointers)
        {
            Check(((delegate* unmanaged<void*, byte**, nuint, void*>)_table[63])(tensorInfo, (byte**)names, (nuint)rank));
        }

        return Array.ConvertAll(pointers, name => Text((byte*)name));
    }

    /// <summary>Caller releases with <see cref="ReleaseTensorInfo"/>.</summary>
    public void* TensorInfo(void* value)
    {
        void* info;
        Check(((delegate* unmanaged<void*, void**, void*>)_table[65])(value, &info));
        return info;
    }

    /// <summary>What a value is: 1 a tensor, 2 a sequence, 3 a map.</summary>
    public int ValueType(void* value)
    {
        int type;
        Check(((delegate* unmanaged<void*, int*, void*>)_table[67])(value, &type));
        return type;
    }

    /// <summary>Length of a sequence.</summary>
    public nuint ElementCount(void* sequence) => Count(81, sequence);

    /// <summary>An element of a sequence, or a map's keys (0) or values (1). Caller releases with <see cref="ReleaseValue"/>.</summary>
    public void* Element(void* value, int index)
    {
        void* element;
        Check(((delegate* unmanaged<void*, int, void*, void**, void*>)_table[80])(value, index, DefaultAllocator(), &element));
        return element;
    }

    /// <summary>A map of two tensors of as many elements, which it copies.</summary>
    public void* CreateMap(void* keys, void* values)
    {
        void* map;
        void** parts = stackalloc void*[] { keys, values };
        Check(((delegate* unmanaged<void**, nuint, int, void**, void*>)_table[82])(parts, 2, OnnxRuntimeReader.Map, &map));
        return map;
    }

    public void* CreateCpuMemoryInfo()
    {
        void* info;
        Check(((delegate* unmanaged<int, int, void**, void*>)_table[69])(0, 0, &info));
        return info;
    }

    public void ReleaseEnvironment(void* environment) => Release(92, environment);

    public void ReleaseMemoryInfo(void* info) => Release(94, info);

    public void ReleaseSession(void* session) => Release(95, session);

    public void ReleaseValue(void* value) => Release(96, value);

    public void ReleaseTypeInfo(void* info) => Release(98, info);

    public void ReleaseTensorInfo(void* info) => Release(99, info);

    public void ReleaseSessionOptions(void* options) => Release(100, options);

    /// <summary>A string as the interface wants it: UTF-8, terminated.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');

    /// <summary>Paths are ORTCHAR_T: UTF-16 on Windows, UTF-8 elsewhere.</summary>
    private static byte[] PathText(string path) => OperatingSystem.IsWindows() ? Encoding.Unicode.GetBytes(path + '\0') : Utf8(path);

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static nint LoadLibrary(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new OnnxRuntimeException($"ONNX Runtime could not be loaded from {path}. {Advice(path, error)} The loader says: {error.Message}", error);
        }
    }

    private static string Advice(string path, Exception error)
    {
        string[] cppRuntimes = ["libstdc++", "libgcc_s", "GLIBCXX", "CXXABI", "libc++", "MSVCP", "VCRUNTIME"];
        if (Array.Exists(cppRuntimes, name => error.Message.Contains(name, StringComparison.OrdinalIgnoreCase)))
        {
            return "Its C++ runtime library is missing or too old: install it (Debian: libstdc++6; Windows: the Visual C++ redistributable) or add its folder to the loader's search path.";
        }

        return (System.IO.File.Exists(path), error) switch
        {
            (false, _) => "There is no such file.",
            (_, BadImageFormatException) => "It is no library for this operating system and processor.",
            _ when OperatingSystem.IsWindows() => "One of the libraries it needs, such as the Visual C++ redistributable, may be missing.",
            _ => "One of the libraries it needs may be missing.",
        };
    }

    private void* Create(int index)
    {
        void* created;
        Check(((delegate* unmanaged<void**, void*>)_table[index])(&created));
        return created;
    }

    private void Release(int index, void* instance)
    {
        if (instance is not null)
        {
            ((delegate* unmanaged<void*, void>)_table[index])(instance);
        }
    }

    private void SetOption(int index, void* options, int value) =>
        Check(((delegate* unmanaged<void*, int, void*>)_table[index])(options, value));

    private nuint Count(int index, void* owner)
    {
        nuint count;
        Check(((delegate* unmanaged<void*, nuint*, void*>)_table[index])(owner, &count));
        return count;
    }

    private void* TypeInfo(int function, void* session, nuint index)
    {
        void* info;
        Check(((delegate* unmanaged<void*, nuint, void**, void*>)_table[function])(session, index, &info));
        return info;
    }

    private string Name(int function, void* session, nuint index)
    {
        byte* name;
        void* allocator = DefaultAllocator();
        Check(((delegate* unmanaged<void*, nuint, void*, byte**, void*>)_table[function])(session, index, allocator, &name));
        var text = Text(name);
        Check(((delegate* unmanaged<void*, void*, void*>)_table[76])(allocator, name));
        return text;
    }

    /// <summary>It belongs to the library and is not released.</summary>
    private void* DefaultAllocator() => Create(78);

    private void SetPath(int index, void* options, string path)
    {
        fixed (byte* characters = PathText(path))
        {
            Check(((delegate* unmanaged<void*, byte*, void*>)_table[index])(options, characters));
        }
    }

    private void Check(void* status)
    {
        if (status is null)
        {
            return;
        }

        var code = ((delegate* unmanaged<void*, int>)_table[1])(status);
        var message = Text(((delegate* unmanaged<void*, byte*>)_table[2])(status));
        Release(93, status);
        throw new OnnxRuntimeException(string.Create(CultureInfo.InvariantCulture, $"ONNX Runtime {Version}, error {code}: {message}"));
    }
}
