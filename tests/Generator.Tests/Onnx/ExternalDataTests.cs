using System;
using System.IO;
using System.Runtime.InteropServices;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Onnx;

/// <summary>External data comes from plain files below the model's folder, and a request for anything else is refused.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("aotc").FullName;
    private readonly string _folder;

    public ExternalDataTests()
    {
        _folder = Directory.CreateDirectory(Path.Combine(_root, "model")).FullName;
        File.WriteAllBytes(Path.Combine(_folder, "w.bin"), [1, 2, 3, 4, 5, 6, 7, 8]);
        File.WriteAllBytes(Path.Combine(_root, "secret"), [9, 9, 9, 9]);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_range_beside_the_model_is_read()
    {
        Load("w.bin", ("offset", "4"), ("length", "4")).ShouldBe([5, 6, 7, 8]);
        Load("./w.bin", ("offset", "2")).ShouldBe([3, 4, 5, 6]);
    }

    [Fact]
    public void A_range_in_a_folder_below_the_model_is_read()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        File.WriteAllBytes(Path.Combine(_folder, "data", "w"), [4, 3, 2, 1]);
        Load("data/w").ShouldBe([4, 3, 2, 1]);
    }

    [Theory]
    [InlineData("../secret")] // CVE-2022-25882
    [InlineData("a/../../secret")] // CVE-2024-27318
    [InlineData("../model/w.bin")]
    [InlineData(".. /secret")]
    [InlineData(".../secret")]
    [InlineData("..\\secret")]
    [InlineData("/etc/passwd")]
    [InlineData("//host/share")]
    [InlineData("C:/secret")]
    [InlineData("w.bin:stream")]
    [InlineData("w.bin\0")]
    [InlineData("w.bin/")]
    [InlineData("")]
    [InlineData(".")]
    public void A_path_that_could_leave_the_folder_is_refused(string location) => Refused(location);

    [Theory]
    [InlineData("offset", "5", "beyond its end")] // CVE-2024-27319
    [InlineData("offset", "9223372036854775807", "64 bits")]
    [InlineData("offset", "9223372036854775808", "not a number of bytes")]
    [InlineData("offset", "-1", "not a number of bytes")]
    [InlineData("offset", "0x10", "not a number of bytes")]
    [InlineData("length", "-4", "not a number of bytes")]
    [InlineData("length", "3", "its type and shape need 4")]
    [InlineData("length", "1125899906842624", "its type and shape need 4")] // CVE-2026-34445: petabytes
    [InlineData("__class__", "x", "not one that ONNX defines")] // CVE-2026-34445: attribute injection
    [InlineData("location", "w.bin", "given twice")]
    public void A_bad_range_or_key_is_refused(string key, string value, string reason) => Refused("w.bin", (key, value)).ShouldContain(reason);

    [Fact]
    public void A_declared_size_of_petabytes_reserves_nothing()
    {
        TensorProto tensor = External("w.bin");
        tensor.Dims[0] = 1L << 50;
        Refused(tensor);
    }

    [Fact]
    public void A_missing_file_is_refused() => Refused("none.bin").ShouldContain("does not exist");

    [Fact]
    public void A_missing_location_is_refused()
    {
        TensorProto tensor = External("w.bin");
        tensor.ExternalData.Clear();
        Refused(tensor).ShouldContain("no location");
    }

    [Fact]
    public void A_symbolic_link_is_refused() // CVE-2026-27489
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), Path.Combine(_root, "secret"));
        Refused("link").ShouldContain("symbolic link");
        File.CreateSymbolicLink(Path.Combine(_folder, "inner"), Path.Combine(_folder, "w.bin"));
        Refused("inner").ShouldContain("symbolic link");
    }

    [Fact]
    public void A_linked_folder_is_refused()
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder, "up"), _root);
        Refused("up/secret").ShouldContain("symbolic link");
    }

    [Fact]
    public void A_hard_link_is_refused() // CVE-2026-34446
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Link(Path.Combine(_root, "secret"), Path.Combine(_folder, "hard")).ShouldBe(0);
        Refused("hard").ShouldContain("hard links");
    }

    [Fact(Timeout = 20_000)]
    public async System.Threading.Tasks.Task A_pipe_is_refused_without_waiting()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        MakePipe(Path.Combine(_folder, "pipe"), 0x1A4).ShouldBe(0);
        (await System.Threading.Tasks.Task.Run(() => Refused("pipe"))).ShouldContain("not a regular file");
    }

    [Fact]
    public void A_folder_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        Refused("sub");
    }

    [Fact]
    public void The_models_own_folder_may_be_linked()
    {
        string alias = Path.Combine(_root, "alias");
        Directory.CreateSymbolicLink(alias, _folder);
        Read(External("w.bin"), ExternalDataSource.ForModel(Path.Combine(alias, "m.onnx"))).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Strings_cannot_be_external()
    {
        TensorProto tensor = External("w.bin");
        tensor.DataType = (int)OnnxDataType.String;
        Refused(tensor);
    }

    [Fact]
    public void A_limit_holds_for_all_external_data_together()
    {
        var builder = new ModelBuilder().Initializer(External("w.bin")).Initializer(External("w.bin"));
        Should.NotThrow(() => OnnxReader.Read(builder.ToBytes(), NoExternalData.Instance, new ReaderLimits { MaxExternalBytes = 8 }));
        Should.Throw<ModelException>(() => OnnxReader.Read(builder.ToBytes(), NoExternalData.Instance, new ReaderLimits { MaxExternalBytes = 7 }));
    }

    [Fact]
    public void A_model_file_is_read_with_its_hash()
    {
        ModelFile file = ModelFile.Read(Path.Combine(_folder, "w.bin"));
        file.Bytes.ToArray().ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        file.Sha256.ShouldBe("66840dda154e8a113c31dd0ad32f7f3a366a80e8136979d8f5a101d3d29d6f72");
        Code(() => ModelFile.Read(Path.Combine(_folder, "none"))).ShouldBe(DiagnosticCodes.FileUnreadable);
        Code(() => ModelFile.Read(_folder)).ShouldBe(DiagnosticCodes.FileUnreadable);
        Code(() => ModelFile.Read("")).ShouldBe(DiagnosticCodes.FileUnreadable);
        Code(() => ModelFile.Read(file.Path, new ReaderLimits { MaxFileBytes = 7 })).ShouldBe(DiagnosticCodes.LimitExceeded);
    }

    private static string Code(Action action) => Should.Throw<ModelException>(action).Diagnostic.Code;

    private static TensorProto External(string location, params (string Key, string Value)[] entries)
    {
        TensorProto tensor = Protos.EmptyTensor("w", OnnxDataType.UInt8, 4);
        tensor.DataLocation = 1;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        foreach ((string key, string value) in entries)
        {
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        return tensor;
    }

    private static byte[] Read(TensorProto tensor, IExternalDataSource source)
    {
        byte[] bytes = new ModelBuilder().Initializer(tensor).ToBytes();
        return OnnxReader.Read(bytes, source, ReaderLimits.Default).Graph.Initializers[0].Data.ToArray();
    }

    [DllImport("libc", EntryPoint = "link")]
    private static extern int Link(string from, string to);

    [DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int MakePipe(string path, uint mode);

    private byte[] Load(string location, params (string Key, string Value)[] entries) =>
        Read(External(location, entries), ExternalDataSource.ForModel(Path.Combine(_folder, "m.onnx")));

    private string Refused(string location, params (string Key, string Value)[] entries) => Refused(External(location, entries));

    private string Refused(TensorProto tensor)
    {
        ModelException e = Should.Throw<ModelException>(() => Read(tensor, ExternalDataSource.ForModel(Path.Combine(_folder, "m.onnx"))));
        e.Diagnostic.Code.ShouldBe(DiagnosticCodes.ExternalDataRefused);
        return e.Message;
    }
}
