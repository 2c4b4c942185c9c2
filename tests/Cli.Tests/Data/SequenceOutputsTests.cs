using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;
using Shouldly;
using Xunit;

namespace AotCompiler.Cli.Tests.Data;

/// <summary>Sequences that a run finds, taken apart into the tensors of reference data.</summary>
public sealed class SequenceOutputsTests
{
    [Fact]
    public void Tensors_side_by_side_are_cut_along_the_axis_in_which_they_differ()
    {
        (string, TensorData)[] actual = [("s", Floats([2, 3], 1, 2, 3, 4, 5, 6)), ("s.lengths", Longs(2, 1)), ("y", Floats([1], 7))];
        IReadOnlyList<(string Name, TensorData Data, int Output)> apart = SequenceOutputs.TakenApart([File("s[0]", Floats([2, 2], 0, 0, 0, 0)), File("s[1]", Floats([2, 1], 0, 0))], actual);
        apart.Select(static o => o.Name).ShouldBe(["s[0]", "s[1]", "y"]);
        apart.Select(static o => o.Output).ShouldBe([0, 0, 2]);
        Values(apart[0].Data).ShouldBe([1, 2, 4, 5]);
        Values(apart[1].Data).ShouldBe([3, 6]);
        apart[1].Data.Shape.ShouldBe([2, 1]);
    }

    [Fact]
    public void Tensors_along_a_first_dimension_lose_it()
    {
        IReadOnlyList<(string Name, TensorData Data, int Output)> apart = SequenceOutputs.TakenApart([File("s[0]", Floats([2], 0, 0)), File("s[1]", Floats([2], 0, 0))], [("s", Floats([2, 2], 1, 2, 3, 4))]);
        apart.Select(static o => o.Name).ShouldBe(["s[0]", "s[1]"]);
        Values(apart[1].Data).ShouldBe([3, 4]);
        apart[1].Data.Shape.ShouldBe([2]);
    }

    [Fact]
    public void Another_number_of_tensors_or_other_lengths_stay_as_they_are_and_do_not_fit()
    {
        (string, TensorData)[] actual = [("s", Floats([3], 1, 2, 3)), ("s.lengths", Longs(2, 1))];
        SequenceOutputs.TakenApart([File("s[0]", Floats([1], 0)), File("s[1]", Floats([2], 0, 0))], actual).Single().Name.ShouldBe("s");
        SequenceOutputs.TakenApart([File("s[0]", Floats([3], 0, 0, 0))], actual).Single().Name.ShouldBe("s");
    }

    [Fact]
    public void Lengths_that_are_expected_are_compared()
    {
        (string, TensorData)[] actual = [("s", Floats([3], 1, 2, 3)), ("s.lengths", Longs(2, 1))];
        SequenceOutputs.TakenApart([File("s", Floats([3], 0, 0, 0)), File("s.lengths", Longs(0, 0))], actual).Select(static o => o.Name).ShouldBe(["s", "s.lengths"]);
    }

    private static TensorFile File(string name, TensorData data) => new(name, "reference", data);

    private static TensorData Floats(long[] shape, params float[] values) => new(OnnxDataType.Float, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static TensorData Longs(params long[] values) => new(OnnxDataType.Int64, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static float[] Values(TensorData data) => MemoryMarshal.Cast<byte, float>(data.Data).ToArray();
}
