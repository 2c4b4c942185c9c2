using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <content>From a tile's sums to memory: the epilogue, and lanes that are not real.</content>
internal sealed partial class ContractionWriter
{
    private void Store(int positions, int blocks)
    {
        for (int p = 0; p < positions; p++)
        {
            for (int q = 0; q < blocks; q++)
            {
                for (int h = 0; h < _simd.RegistersPerBlock; h++)
                {
                    int register = (q * _simd.RegistersPerBlock) + h;
                    int lane = h * _simd.Lanes;
                    string[] operands = new[] { RealSum(p, register) }
                        .Concat(_work.EpilogueOperands.Select((o, i) => LoadOperand(o, i, p, q, lane)))
                        .ToArray();
                    string target = Add(
                        $"yRow{Offset(("p", TiledPositions, _work.OutputStrides.Position))}",
                        (p * _work.OutputStrides.Position) + (q * _work.OutputStrides.Block) + (h * _simd.Lanes));
                    StoredLanes.EmitStore(_work.Epilogue, _writer, _simd, operands, $"t{p}_{register}_", _work.Output, target);
                }
            }
        }
    }

    /// <summary>A finished sum as f32 lanes: a local of its own where that is a conversion.</summary>
    private string RealSum(int position, int register)
    {
        string sum = Sum(position, register);
        string real = _terms.Real(sum);
        if (real == sum)
        {
            return sum;
        }

        _writer.Line($"{_simd.Type} f{position}_{register} = {real};");
        return $"f{position}_{register}";
    }

    /// <summary>Sums go through scratch memory to an epilogue that is a loop over the tile's positions and blocks.</summary>
    private void StoreStaged(int positions, int blocks)
    {
        int parts = _simd.RegistersPerBlock;
        for (int q = 0; q < blocks; q++)
        {
            for (int p = 0; p < positions; p++)
            {
                for (int h = 0; h < parts; h++)
                {
                    _writer.Line(_simd.Store(Add("s", (((q * positions) + p) * Layout.BlockSize) + (h * _simd.Lanes)), _terms.Real(Sum(p, (q * parts) + h))));
                }
            }
        }

        using (_writer.For("q", blocks))
        using (_writer.For("i", positions))
        {
            string Walk(long blockStride, long positionStride) => Offset(("q", blocks, blockStride), ("i", positions, positionStride));
            for (int h = 0; h < parts; h++)
            {
                int lane = h * _simd.Lanes;
                string[] operands = new[] { $"sum{h}" }
                    .Concat(_work.EpilogueOperands.Select((o, i) => OperandValue(o, Add(
                        $"r{i + 1}Row{Offset(("p", TiledPositions, o.Strides.Position))}{Walk(o.Strides.Block, o.Strides.Position)}",
                        lane * o.LaneStride))))
                    .ToArray();
                _writer.Line($"{_simd.Type} sum{h} = {_simd.Load(Add($"s{Walk(positions * Layout.BlockSize, Layout.BlockSize)}", lane))};");
                string target = Add(
                    $"yRow{Offset(("p", TiledPositions, _work.OutputStrides.Position))}{Walk(_work.OutputStrides.Block, _work.OutputStrides.Position)}",
                    lane);
                StoredLanes.EmitStore(_work.Epilogue, _writer, _simd, operands, $"t{h}_", _work.Output, target);
            }
        }
    }

    private string OperandValue(EpilogueOperand operand, string address) => OperandValue(_simd, operand, address);

    private static string OperandValue(Simd simd, EpilogueOperand operand, string address) =>
        operand.LaneStride != 0 ? StoredLanes.Load(simd, operand.View, address)
        : operand.View.Zero is null ? simd.Broadcast($"*({address})")
        : StoredLanes.Broadcast(simd, operand.View, address);

    private string LoadOperand(EpilogueOperand operand, int index, int position, int block, int lane)
    {
        string address = Add(
            $"r{index + 1}Row{Offset(("p", TiledPositions, operand.Strides.Position))}",
            (position * operand.Strides.Position) + (block * operand.Strides.Block) + (lane * operand.LaneStride));
        return OperandValue(operand, address);
    }

    /// <summary>Sums go through scratch memory, so that only real lanes reach the output and its epilogue reads no foreign memory.</summary>
    private void StorePartial(int positions)
    {
        for (int p = 0; p < positions; p++)
        {
            for (int h = 0; h < _simd.RegistersPerBlock; h++)
            {
                _writer.Line(_simd.Store(Add("s", (p * Layout.BlockSize) + (h * _simd.Lanes)), _terms.Real(Sum(p, h))));
            }
        }

        if (_writer.IsCompact && positions > 1)
        {
            using (_writer.For("q", positions))
            {
                StorePartialPosition("q");
            }

            return;
        }

        for (int p = 0; p < positions; p++)
        {
            StorePartialPosition(null, p);
        }
    }

    /// <summary>Stores the real lanes of one position: of a loop's, or of a number.</summary>
    private void StorePartialPosition(string? loop, int position = 0)
    {
        string Walk(string pointer, long stride) => loop is null ? Add(pointer, position * stride) : $"{pointer} + ({Walked(loop, stride)})";
        VectorLoop.Emit(_writer, LastLanes, (simd, index) =>
        {
            string sum = simd.Load(VectorLoop.At(Walk("s", Layout.BlockSize), index));
            if (_work.Epilogue is not null)
            {
                _writer.Line($"{simd.Type} sum = {sum};");
                sum = "sum";
            }

            string[] operands = new[] { sum }
                .Concat(_work.EpilogueOperands.Select((o, i) => LoadPartialOperand(simd, o, Walk(OperandRow(o, i), o.Strides.Position), index)))
                .ToArray();
            string target = Walk($"yRow{Offset(("p", TiledPositions, _work.OutputStrides.Position))}", _work.OutputStrides.Position);
            StoredLanes.EmitStore(_work.Epilogue, _writer, simd, operands, "t", _work.Output, VectorLoop.At(target, index));
        });
    }

    private string OperandRow(EpilogueOperand operand, int index) => $"r{index + 1}Row{Offset(("p", TiledPositions, operand.Strides.Position))}";

    private static string LoadPartialOperand(Simd simd, EpilogueOperand operand, string address, string lane) =>
        OperandValue(simd, operand, operand.LaneStride == 0 ? address : VectorLoop.At(address, lane));
}
