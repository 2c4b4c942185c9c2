using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Emission;

/// <summary>The C functions of generated code, called as a C program calls them.</summary>
public sealed unsafe class NativeExportsTests
{
    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn-residual")]
    [InlineData("attention")]
    [InlineData("typed-fields")]
    public void A_run_gives_the_bits_of_the_class(string name)
    {
        byte[] bytes = File.ReadAllBytes(SmallModels.PathOf(name));
        CompilerOptions options = SmallModels.OptionsOf(name) with { InlineWeightLimit = int.MaxValue };
        CompiledModel model = CompiledModel.Compile(bytes, "auto", options);
        Tensor[] inputs = RandomInputs(model.Graph);
        IReadOnlyList<Tensor> expected = model.Run(inputs);
        var native = new NativeModel(bytes, options);
        IReadOnlyList<Tensor> actual = native.Run(inputs);
        actual.Select(static t => t.Bytes.ToArray()).ShouldBe(expected.Select(static t => t.Bytes.ToArray()));
    }

    [Fact]
    public void Wrong_pointers_give_an_error_and_write_nothing()
    {
        NativeModel model = Compile(new ModelBuilder().Input("x", OnnxDataType.Float, 3).Node("Exp", ["x"], ["t"]).Node("Softmax", ["t"], ["y"]).Output("y"));
        nint x = model.Inputs[0];
        nint y = model.Outputs[0];
        new Span<byte>((void*)y, 12).Fill(0xAB);
        model.Run(null, model.Outputs, model.Arena).ShouldBe((int)NativeError.NullPointer);
        model.Run(model.Inputs, null, model.Arena).ShouldBe((int)NativeError.NullPointer);
        model.Inputs[0] = 0;
        model.Run().ShouldBe((int)NativeError.NullPointer);
        model.Inputs[0] = x + 1;
        model.Run().ShouldBe((int)NativeError.Alignment);
        model.Inputs[0] = x;
        model.Outputs[0] = 0;
        model.Run().ShouldBe((int)NativeError.NullPointer);
        model.Outputs[0] = y + 2;
        model.Run().ShouldBe((int)NativeError.Alignment);
        model.Outputs[0] = y;
        if (model.Interface.ArenaBytes > 0)
        {
            model.Run(model.Inputs, model.Outputs, null).ShouldBe((int)NativeError.NullPointer);
            model.Run(model.Inputs, model.Outputs, model.Arena + 32).ShouldBe((int)NativeError.Alignment);
        }

        new Span<byte>((void*)y, 12).IndexOfAnyExcept((byte)0xAB).ShouldBe(-1);
        model.Run().ShouldBe(0);
    }

    [Fact]
    public void An_index_out_of_range_gives_an_error()
    {
        NativeModel model = Compile(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 5).Input("i", OnnxDataType.Int64, 2).Node("Gather", ["x", "i"], ["y"]).Output("y"));
        ((long*)model.Inputs[1])[0] = 4;
        ((long*)model.Inputs[1])[1] = -5;
        model.Run().ShouldBe(0);
        ((long*)model.Inputs[1])[1] = 5;
        model.Run().ShouldBe((int)NativeError.Index);
    }

    [Fact]
    public void Dimensions_of_a_run_are_members()
    {
        NativeModel model = Compile(
            new ModelBuilder().Input("x", OnnxDataType.Float, ["seq", 3]).Node("ReduceSum", ["x"], ["y"], ("axes", new long[] { 1 })).Output("y"),
            new OptionTexts { Dimensions = "seq=2..8:2" });
        model.Interface.Sizes.Single().Member.ShouldBe("seq");
        model.Interface.Outputs.Single().ShapeMember.ShouldBe("y_shape");
        for (int i = 0; i < 24; i++)
        {
            ((float*)model.Inputs[0])[i] = i;
        }

        foreach (int wrong in new[] { int.MinValue, 0, 1, 3, 9, 10 })
        {
            model.Dimensions[0] = wrong;
            model.Run().ShouldBe((int)NativeError.Dimension);
        }

        model.Dimensions[0] = 4;
        new Span<float>((void*)model.Outputs[0], 8).Fill(-1);
        model.Run().ShouldBe(0);
        model.OutputShapes(2).ToArray().ShouldBe([4, 1]);
        new Span<float>((void*)model.Outputs[0], 5).ToArray().ShouldBe([3, 12, 21, 30, -1]);
    }

    [Fact]
    public void The_caller_keeps_the_state()
    {
        NativeModel model = Compile(
            new ModelBuilder().Input("x", OnnxDataType.Float, 2).Input("s", OnnxDataType.Float, 2).Node("Add", ["x", "s"], ["sn"]).Node("Neg", ["sn"], ["y"]).Output("y").Output("sn"),
            new OptionTexts { State = "sn:s" });
        new float[] { 1, 2 }.CopyTo(new Span<float>((void*)model.Inputs[0], 2));
        var y = (float*)model.Outputs[0];
        model.Run().ShouldBe(0);
        model.Run().ShouldBe(0);
        y[1].ShouldBe(-4);
        model.Reset(model.State).ShouldBe(0);
        model.Run().ShouldBe(0);
        y[1].ShouldBe(-2);
        model.Reset(null).ShouldBe((int)NativeError.NullPointer);
        model.Reset(model.State + 8).ShouldBe((int)NativeError.Alignment);
        model.RunWithState(null).ShouldBe((int)NativeError.NullPointer);
        model.RunWithState(model.State + 4).ShouldBe((int)NativeError.Alignment);
    }

    [Fact]
    public void Information_says_what_the_model_is()
    {
        NativeModel model = Compile(new ModelBuilder().Input("größe/x", OnnxDataType.Float, 2, 3).Node("Cast", ["größe/x"], ["y"], ("to", 9)).Output("y"));
        byte* info = model.Info();
        ((nuint)info % 8).ShouldBe(0u);
        int[] head = new ReadOnlySpan<int>(info, 8).ToArray();
        head[0].ShouldBe(NativeInterface.AbiVersion);
        head[1].ShouldBe(head[2] + (2 * head[3]));
        head[4].ShouldBe(2);
        head[6..].ShouldBe([1, 1]);
        byte* input = info + head[2];
        new ReadOnlySpan<int>(input, 4).ToArray().ShouldBe([1, 2, 0, 4]);
        new ReadOnlySpan<long>(input + 16, 3).ToArray().ShouldBe([24, 2, 3]);
        Encoding.UTF8.GetString(input + 40, 8 + 1).ShouldBe("größe/x");
        BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(info + head[2] + head[3], 4)).ShouldBe((int)ElementType.Bool);
    }

    [Fact]
    public void Every_error_has_a_text()
    {
        NativeModel model = Compile(new ModelBuilder().Input("x", OnnxDataType.Float, 2).Node("Exp", ["x"], ["y"]).Output("y"));
        foreach (NativeError error in NativeErrors.All)
        {
            model.Error((int)error).ShouldBe(NativeErrors.Text(error));
        }

        model.Error(-1).ShouldBe("unknown error");
        model.Error(int.MaxValue).ShouldBe("unknown error");
    }

    [Fact]
    public void Strings_are_refused()
    {
        CompilationResult result = ModelCompiler.Compile(
            ModelFile.FromBytes(new ModelBuilder().Input("x", OnnxDataType.String, 2).Node("Identity", ["x"], ["y"]).Output("y").ToBytes()),
            NoExternalData.Instance,
            new CompilerOptions { Native = new NativeOptions() });
        result.Success.ShouldBeFalse();
        result.Diagnostics.ShouldContain(static d => d.Code == DiagnosticCodes.NativeUnsupported);
    }

    [Fact]
    public void Weights_may_be_the_callers()
    {
        var model = new NativeModel(
            new ModelBuilder().Input("x", OnnxDataType.Float, 1, 4).Initializer("w", [4, 4], Enumerable.Range(0, 16).Select(static i => (float)i).ToArray()).Node("MatMul", ["x", "w"], ["y"]).Output("y").ToBytes(),
            new CompilerOptions { Native = new NativeOptions(CallerWeights: true) });
        model.Interface.TakesWeights.ShouldBeTrue();
        byte[] blob = Blob(model);
        byte* weights = (byte*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)blob.Length, 64);
        blob.CopyTo(new Span<byte>(weights, blob.Length));
        new float[] { 1, 0, 0, 2 }.CopyTo(new Span<float>((void*)model.Inputs[0], 4));
        model.RunWithState(weights).ShouldBe(0);
        new Span<float>((void*)model.Outputs[0], 4).ToArray().ShouldBe([24, 27, 30, 33]);
        weights[9] ^= 1;
        model.RunWithState(weights).ShouldBe((int)NativeError.Weights);
        model.RunWithState(null).ShouldBe((int)NativeError.NullPointer);
        model.RunWithState(weights + 1).ShouldBe((int)NativeError.Alignment);
    }

    [Theory]
    [InlineData("digits", "digits")]
    [InlineData("mnist-8", "mnist_8")]
    [InlineData("MobileNetV2", "MobileNetV2")]
    [InlineData("8bit", "m8bit")]
    [InlineData("__x__", "x")]
    [InlineData("größe", "gr_e")]
    [InlineData("", "model")]
    [InlineData("class", "class_model")]
    [InlineData("math", "math_model")]
    public void A_library_has_a_name_that_C_takes(string model, string name) => CNames.Library(model).ShouldBe(name);

    [Fact]
    public void Members_are_unique_and_no_keywords()
    {
        var names = new CNames();
        new[] { "x", "/x", "x/", "while", "while", "virtual", "1", "", "a__b", "NULL" }.Select(names.Member)
            .ShouldBe(["x", "x_2", "x_3", "while_", "while_2", "virtual_", "t1", "tensor", "a_b", "NULL_"]);
    }

    [Fact]
    public void Options_are_checked()
    {
        OptionParser.Parse("m.onnx", new OptionTexts { NativeExports = "false", NativeName = "x" }).Native.ShouldBeNull();
        CompilerOptions options = OptionParser.Parse("m.onnx", new OptionTexts { NativeExports = "true", NativeName = "net", NativeWeights = "caller" });
        options.Native.ShouldBe(new NativeOptions("net", CallerWeights: true));
        options.InlineWeightLimit.ShouldBe(0);
        Should.Throw<ModelException>(static () => OptionParser.Parse("m.onnx", new OptionTexts { NativeExports = "true", NativeName = "a b" })).Diagnostic.Message.ShouldContain("a_b");
        Should.Throw<ModelException>(static () => OptionParser.Parse("m.onnx", new OptionTexts { NativeExports = "maybe" }));
        Should.Throw<ModelException>(static () => OptionParser.Parse("m.onnx", new OptionTexts { NativeExports = "true", NativeWeights = "mine" }));
    }

    private static NativeModel Compile(ModelBuilder model, OptionTexts? texts = null) =>
        new(model.ToBytes(), OptionParser.Parse("m.onnx", texts ?? new OptionTexts()));

    private static Tensor[] RandomInputs(Graph graph)
    {
        var random = new Random(3);
        return graph.Inputs.Select(v => OperatorCheck.RandomTensor(v, random, 0, 2)).ToArray();
    }

    private static byte[] Blob(NativeModel model)
    {
        using var stream = new MemoryStream();
        WeightBlobWriter.Write(model.Result.Plan!, model.Result.Code!.Hash, stream, null, default);
        return stream.ToArray();
    }
}
