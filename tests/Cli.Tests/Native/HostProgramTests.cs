using System;
using System.IO;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Tests.Numerics;
using AotCompiler.Cli.Tests.Support;
using AotCompiler.Host;
using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Cli.Tests.Native;

/// <summary>The program around a model, with a model of two inputs.</summary>
public sealed class HostProgramTests : IDisposable
{
    private static readonly HostSlot[] Inputs = [new("a=b", OnnxDataType.Float, [2], ""), new("c", OnnxDataType.Float, [2], "")];
    private static readonly HostSlot[] Outputs = [new("sum", OnnxDataType.Float, [2], "sum.npy")];

    private readonly TestFolder _folder = new();

    [Fact]
    public void FilesAreMatchedByNameThenByPosition()
    {
        string first = _folder.Array("1.npy", [2], 1, 2);
        string second = _folder.Proto("2.pb", "", [2], 10, 20);

        Run($"c={first}", second, "-o", _folder["out"]).ShouldBe(0);
        NpyFile.Read(_folder["out/sum.npy"]).Elements<float>().ShouldBe([100 + 2, 200 + 4]);

        Run($"c={second}", $"a=b={first}", "-o", _folder["out"]).ShouldBe(0);
        NpyFile.Read(_folder["out/sum.npy"]).Elements<float>().ShouldBe([10 + 20, 20 + 40]);
    }

    [Fact]
    public void WrongCommandLinesAndFilesHaveTheirExitCodes()
    {
        string file = _folder.Array("1.npy", [2], 1, 2);
        string wide = _folder.Array("3.npy", [3], 1, 2, 3);
        Run("--help").ShouldBe(0);
        Run().ShouldBe(2);
        Run(file).ShouldBe(2);
        Run(file, file, file).ShouldBe(2);
        Run($"c={file}", $"c={file}").ShouldBe(2);
        Run(file, file, "-o").ShouldBe(2);
        Run(file, wide).ShouldBe(1);
        Run(file, _folder["none.npy"]).ShouldBe(1);
        File.WriteAllText(_folder["x.txt"], "x");
        Run(file, _folder["x.txt"]).ShouldBe(1);
        Run(file, file, "-o", file).ShouldBe(1);
    }

    public void Dispose() => _folder.Dispose();

    private static unsafe int Run(params string[] arguments) =>
        HostProgram.Run(arguments, "model", Inputs, Outputs, new HostModel(&TenTimesFirstPlusTwiceSecond, 100, 0));

    private static unsafe int TenTimesFirstPlusTwiceSecond(byte** inputs, byte** outputs, byte* arena, byte* state)
    {
        new Span<byte>(arena, 100).Fill(1);
        for (int i = 0; i < 2; i++)
        {
            ((float*)outputs[0])[i] = (10 * ((float*)inputs[0])[i]) + (2 * ((float*)inputs[1])[i]);
        }

        return 0;
    }
}
