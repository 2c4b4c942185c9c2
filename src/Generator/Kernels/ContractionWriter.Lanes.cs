using System;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <content>Tiles of few outputs, whose vectors hold input channels.</content>
internal sealed partial class ContractionWriter
{
    /// <summary>Outputs that go to the epilogue at once.</summary>
    private static readonly Simd _few = Simd.V128;

    private void WriteLaneSums(int positions)
    {
        for (int p = 0; p < positions; p++)
        {
            _writer.Line($"{_simd.Type} {string.Join(", ", Enumerable.Range(0, _work.FewOutputs).Select(m => $"{Sum(p, m)} = {_simd.Zero}"))};");
        }

        _writer.Line($"float* xTile = xRow{Offset(("p", TiledPositions, _work.InputStrides.Position))};");
        _writer.Line("float* wTile = panel;");
        foreach (ReductionPart part in _work.Reduction)
        {
            WriteCells(part, 0, Add("xTile", part.Start), positions);
        }

        for (int p = 0; p < positions; p++)
        {
            using (_writer.Block())
            {
                StoreLaneSums(p);
            }
        }
    }

    /// <summary>The loops over cells of 16 channels and over taps.</summary>
    private void WriteCells(ReductionPart part, int depth, string source, int positions)
    {
        if (depth == part.Loops.Count - 1)
        {
            WriteCell(source, positions);
            return;
        }

        using (_writer.For($"k{depth}", part.Loops[depth].Extent))
        {
            _writer.Line($"float* x{depth} = {source} + {Scaled($"k{depth}", part.Loops[depth].Stride)};");
            WriteCells(part, depth + 1, $"x{depth}", positions);
        }
    }

    private void WriteCell(string source, int positions)
    {
        bool inline = positions == 1;
        for (int h = 0; h < _simd.RegistersPerBlock; h++)
        {
            using (_writer.Block())
            {
                string Weight(int m) => _simd.Load(Add("wTile", (m * Layout.BlockSize) + (h * _simd.Lanes)));
                for (int m = 0; m < _work.FewOutputs && !inline; m++)
                {
                    _writer.Line($"{_simd.Type} w{m} = {Weight(m)};");
                }

                for (int p = 0; p < positions; p++)
                {
                    _writer.Line($"{_simd.Type} v{p} = {_simd.Load(Add(source, (p * _work.InputStrides.Position) + (h * _simd.Lanes)))};");
                    for (int m = 0; m < _work.FewOutputs; m++)
                    {
                        _writer.Line($"{Sum(p, m)} = {_simd.MultiplyAdd($"v{p}", inline ? Weight(m) : $"w{m}", Sum(p, m))};");
                    }
                }
            }
        }

        _writer.Line($"wTile += {_work.FewOutputs * Layout.BlockSize};");
    }

    /// <summary>Adds up the lanes of a position's sums; what follows is done on four outputs at once, and lanes beyond the last output are stored too.</summary>
    private void StoreLaneSums(int position)
    {
        string[] sums = Enumerable.Range(0, _work.FewOutputs).Select(m => Accumulation.EmitAcrossLanes(_writer, ReductionFunction.Sum, _simd, Sum(position, m))).ToArray();
        for (int first = 0; first < sums.Length; first += _few.Lanes)
        {
            string vector = $"Vector128.Create({string.Join(", ", Enumerable.Range(first, _few.Lanes).Select(m => m < sums.Length ? sums[m] : "0f"))})";
            string value = $"sum{first}";
            _writer.Line($"{_few.Type} {value} = {(_work.Bias is null ? vector : $"{vector} + {_few.Load(Add("b", first))}")};");
            if (_work.Epilogue is { } epilogue)
            {
                string[] operands = new[] { value }.Concat(_work.EpilogueOperands.Select((o, i) => LaneOperand(o, i, position, first))).ToArray();
                value = epilogue.Emit(_writer.Code, _few, operands, $"t{first}_");
            }

            string target = Add($"yRow{Offset(("p", TiledPositions, _work.OutputStrides.Position))}", (position * _work.OutputStrides.Position) + first);
            _writer.Line(_few.Store(target, value));
        }
    }

    private string LaneOperand(EpilogueOperand operand, int index, int position, int lane)
    {
        string address = Add(
            $"r{index + 1}Row{Offset(("p", TiledPositions, operand.Strides.Position))}",
            (position * operand.Strides.Position) + (lane * operand.LaneStride));
        return operand.LaneStride == 0 ? _few.Broadcast($"*({address})") : _few.Load(address);
    }
}
