using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <content>Depthwise sums by minimal filtering along the rows: a few rows of two outputs at once.</content>
internal sealed partial class ContractionWriter
{
    private const int Block = Layout.BlockSize;

    private RowFilter Filter => _work.Filtering!.Filter;

    private int WindowRows => _work.Reduction[0].Loops[0].Extent;

    private bool HoldsWeights => RowFilterChoice.HoldsWeights(Filter, WindowRows);

    /// <summary>
    /// Methods for groups of rows of one block: all of them in one would be more than the compilers expand.
    /// </summary>
    /// <param name="work">The work at the vector width.</param>
    /// <param name="parameters">Types and names of its pointers: x, w and y, and b, s, r1, r2, … and taps where there are such operands.</param>
    /// <param name="anyRows">True if shares or callers decide how many rows there are.</param>
    /// <param name="isCompact">True for compact code.</param>
    public static IEnumerable<StepPart> FilterParts(Contraction work, IReadOnlyList<string> parameters, bool anyRows, bool isCompact)
    {
        foreach (bool isHalf in work.TilesOfBlocks(1).Select(static t => t.LastIsHalf).Distinct())
        {
            foreach (int rows in GroupSizes(work, anyRows, isCompact))
            {
                Contraction group = work.WithoutBatch() with
                {
                    Groups = 1,
                    Blocks = 1,
                    LastIsHalf = isHalf,
                    Rows = rows,
                    RowVariable = null,
                    GroupPart = null,
                };
                yield return new StepPart(
                    GroupName(work.GroupPart!, rows, isHalf),
                    parameters,
                    $"{rows} {(rows == 1 ? "row" : "rows")} of {(isHalf ? Block / 2 : Block)} channels",
                    writer => new ContractionWriter(group, writer, group.Tile(writer.Simd), ContractionSplit.None).WriteLoops());
            }
        }
    }

    private static string GroupName(string prefix, int rows, bool isHalf) => $"{prefix}{rows}{(isHalf ? "Half" : string.Empty)}";

    /// <summary>How many rows are computed together, in the order in which they are.</summary>
    private static IReadOnlyList<int> GroupSizes(Contraction work, bool anyRows, bool isCompact)
    {
        // Windows take rows in pairs.
        int unit = work.StoresWindows ? 2 : 1;
        if (isCompact)
        {
            return new[] { unit };
        }

        (int group, int left) = RowFilterChoice.Groups(anyRows ? Math.Min(work.Rows, RowFilterChoice.MaxRows) : work.Rows);
        return anyRows ? Enumerable.Range(1, group / unit).Reverse().Select(rows => rows * unit).ToArray()
            : left > 0 ? new[] { group, left }
            : new[] { group };
    }

    /// <summary>All rows of a block in groups, each group from the left to the right.</summary>
    private void WriteFilteredRows(TileRow tile)
    {
        bool isShared = _split.Loop == ContractionLoop.Rows;
        string end = isShared ? StepWriter.End : _work.RowVariable ?? $"{_work.Rows}";
        bool anyRows = isShared || _work.RowVariable is not null;
        IReadOnlyList<int> sizes = GroupSizes(_work, anyRows, _writer.IsCompact);
        _writer.Line($"int row = {(isShared ? StepWriter.Begin : "0")};");
        for (int i = 0; i < sizes.Count; i++)
        {
            using (_writer.Block(i == 0 ? $"for (; row <= {end} - {sizes[0]}; row += {sizes[0]})"
                : !anyRows ? string.Empty
                : $"{(i == 1 ? string.Empty : "else ")}if ({end} - row == {sizes[i]})"))
            {
                if (_work.GroupPart is { } name)
                {
                    CallFilteredGroup(GroupName(name, sizes[i], tile.LastIsHalf));
                }
                else
                {
                    WriteFilteredGroup(sizes[i], tile);
                }
            }
        }
    }

    private void CallFilteredGroup(string name)
    {
        string block = Offset(("block", TiledBlocks, Block));
        var arguments = new List<string> { $"x{(_work.HasTapTable ? Offset(("block", TiledBlocks, _work.InputStrides.Block)) : RowOffset(_work.InputStrides, "row"))}", "panel" };
        arguments.AddRange(_work.Bias is null ? Array.Empty<string>() : new[] { $"b{block}" });
        arguments.AddRange(_work.Scratch is null ? Array.Empty<string>() : new[] { "s" });
        arguments.AddRange(_work.EpilogueOperands.Select((o, i) => $"r{i + 1}{RowOffset(o.Strides, "row")}"));
        arguments.Add($"y{RowOffset(_work.OutputStrides, "row")}");
        arguments.AddRange(_work.HasTapTable ? new[] { $"taps + (row * {WindowRows})" } : Array.Empty<string>());
        _writer.Line($"{StepWriter.MethodMark}_{name}({string.Join(", ", arguments)});");
    }

    private void WriteFilteredGroup(int rows, TileRow tile)
    {
        if (_work.HasTapTable)
        {
            for (int j = 0; j < rows + WindowRows - 1; j++)
            {
                // The first row of each window, then the other rows of the last one.
                int window = Math.Min(j, rows - 1);
                int tap = (window * WindowRows) + j - window;
                string first = tap == 0 ? $"row * {WindowRows}" : $"(row * {WindowRows}) + {tap}";
                _writer.Line($"float* x{j} = x{Offset(("block", TiledBlocks, _work.InputStrides.Block))} + taps[{first}];");
            }
        }
        else
        {
            _writer.Line($"float* xRow = x{RowOffset(_work.InputStrides, "row")};");
        }

        _writer.Line($"float* yRow = y{RowOffset(_work.OutputStrides, "row")};");
        for (int i = 0; i < _work.EpilogueOperands.Count; i++)
        {
            _writer.Line($"{PointerType(_work.EpilogueOperands[i].View)} r{i + 1}Row = r{i + 1}{RowOffset(_work.EpilogueOperands[i].Strides, "row")};");
        }

        Simd width = tile.WidthOf(0);
        for (int k = 0; k < WindowRows && HoldsWeights; k++)
        {
            for (int product = 0; product < Filter.Products.Count; product++)
            {
                _writer.Line($"{width.Type} w{k}_{product} = {FilterWeight(width, k, product)};");
            }
        }

        int tiled = _work.Positions / RowFilter.Outputs * RowFilter.Outputs;
        using (_writer.For("p", tiled, RowFilter.Outputs))
        {
            WriteFilteredTile(rows, RowFilter.Outputs, tile);
        }

        if (tiled < _work.Positions)
        {
            using (_writer.For("p", TiledPositions, 1, tiled))
            {
                WriteFilteredTile(rows, 1, tile);
            }
        }
    }

    private string FilterWeight(Simd width, int windowRow, int product) =>
        width.Read(Add("panel", ((windowRow * Filter.Products.Count) + product) * Block));

    /// <summary>One or two outputs of neighbouring positions in each of so many rows. Both ways every output has the same bits.</summary>
    private void WriteFilteredTile(int rows, int outputs, TileRow tile)
    {
        Simd width = tile.WidthOf(0);
        string at = Offset(("p", TiledPositions, _work.InputStrides.Position));
        if (!_work.HasTapTable)
        {
            _writer.Line($"float* xTile = xRow{at};");
        }

        _writer.Line($"{width.Type} {string.Join(", ", Enumerable.Range(0, rows).SelectMany(static o => new[] { FirstSum(o), SecondSum(o) }))};");
        WriteProducts(width, Enumerable.Range(0, Filter.Shared).ToArray(), rows, at);
        for (int o = 0; o < rows; o++)
        {
            if (outputs == 1)
            {
                _writer.Line($"{FirstSum(o)} += {SecondSum(o)};");
                continue;
            }

            _writer.Line($"{width.Type} both{o} = {FirstSum(o)} + {SecondSum(o)};");
            _writer.Line($"{SecondSum(o)} = {FirstSum(o)} - {SecondSum(o)};");
            _writer.Line($"{FirstSum(o)} = both{o};");
        }

        int[] own = Enumerable.Range(Filter.Shared, Filter.Products.Count - Filter.Shared)
            .Where(i => outputs == RowFilter.Outputs || Filter.Products[i].Sum == FilterSum.First)
            .ToArray();
        WriteProducts(width, own, rows, at, finish: o => StoreFiltered(o, outputs, width));
        if (_work.IsStaged)
        {
            StoreStagedRows(rows, outputs);
        }
    }

    private static string FirstSum(int row) => Sum(row, 0);

    private static string SecondSum(int row) => Sum(row, 1);

    /// <summary>Adds some of the products, input row by input row.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="products">Their numbers.</param>
    /// <param name="rows">Output rows.</param>
    /// <param name="at">The way to the tile from the start of a row.</param>
    /// <param name="finish">Called behind the last product of an output row.</param>
    private void WriteProducts(Simd width, int[] products, int rows, string at, Action<int>? finish = null)
    {
        for (int j = 0; j < rows + WindowRows - 1; j++)
        {
            using (_writer.Block())
            {
                TransformInputs(width, products, j, at);
                for (int o = Math.Max(0, j - WindowRows + 1); o <= Math.Min(j, rows - 1); o++)
                {
                    foreach (int product in products)
                    {
                        AddProduct(width, product, o, j - o);
                    }
                }
            }

            if (j >= WindowRows - 1)
            {
                finish?.Invoke(j - WindowRows + 1);
            }
        }
    }

    /// <summary>Declares what a row of the input has for some of the products. Inputs that are read twice have a local.</summary>
    private void TransformInputs(Simd width, int[] products, int row, string at)
    {
        string Load(int column) => width.Read(FilterInput(row, column, at));
        int[] twice = products.SelectMany(p => Filter.Products[p].Inputs).GroupBy(static i => i).Where(static g => g.Count() > 1).Select(static g => g.Key).OrderBy(static i => i).ToArray();
        foreach (int column in twice)
        {
            _writer.Line($"{width.Type} d{column} = {Load(column)};");
        }

        string Input(int column) => twice.Contains(column) ? $"d{column}" : Load(column);
        foreach (int number in products)
        {
            FilterProduct product = Filter.Products[number];
            string value = product.Operation == ' ' ? Input(product.Input) : $"{Input(product.Input)} {product.Operation} {Input(product.Other)}";
            _writer.Line($"{width.Type} v{number} = {value};");
        }
    }

    private string FilterInput(int row, int column, string at)
    {
        long offset = column * _work.InputStrides.Position;
        return _work.HasTapTable ? Add($"x{row}{at}", offset) : Add("xTile", (row * _work.InputStrides.Row) + offset);
    }

    /// <summary>Adds a product of a row of the window to its sum, which begins with the bias or with the first product of all.</summary>
    private void AddProduct(Simd width, int number, int row, int windowRow)
    {
        FilterSum target = Filter.Products[number].Sum;
        string sum = target == FilterSum.First ? FirstSum(row) : SecondSum(row);
        string value = $"v{number}";
        string weight = HoldsWeights ? $"w{windowRow}_{number}" : FilterWeight(width, windowRow, number);
        bool isFirst = windowRow == 0 && number == Enumerable.Range(0, Filter.Products.Count).First(i => Filter.Products[i].Sum == target);
        string begin = _work.Bias is not null && target == FilterSum.First
            ? width.MultiplyAdd(value, weight, width.Read($"b{Offset(("block", TiledBlocks, Block))}"))
            : $"{value} * {weight}";
        _writer.Line($"{sum} = {(isFirst ? begin : width.MultiplyAdd(value, weight, sum))};");
    }

    /// <summary>Stores the outputs of one row of the tile, or leaves them in scratch memory for the epilogue.</summary>
    private void StoreFiltered(int row, int outputs, Simd width)
    {
        if (_work.StoresWindows)
        {
            StoreFilteredWindow(row, width);
            return;
        }

        for (int q = 0; q < outputs; q++)
        {
            if (_work.IsStaged)
            {
                _writer.Line(_simd.Assign(Add("s", ((row * outputs) + q) * Block), Widened(width, Sum(row, q))));
                continue;
            }

            _writer.Line(_simd.Assign(Target(q, 0, 0, row), Widened(width, FinishFiltered(row, q, width))));
        }
    }

    /// <summary>What is stored of an output.</summary>
    private string FinishFiltered(int row, int output, Simd width) =>
        Finish(width, FinishOperands(width, Sum(row, output), output, 0, 0, row), $"t{row}_{output}_");

    /// <summary>Keeps the larger output of an even row, and stores the maximum of the window that ends with an odd one.</summary>
    private void StoreFilteredWindow(int row, Simd width)
    {
        string[] results = Enumerable.Range(0, RowFilter.Outputs).Select(q => FinishFiltered(row, q, width)).ToArray();
        _writer.Line($"{width.Type} m{row} = {Larger(width, results[0], results[1])};");
        if (row % 2 == 1)
        {
            _writer.Line(_simd.Assign(Target(0, 0, 0, row - 1), Widened(width, Larger(width, $"m{row - 1}", $"m{row}"))));
        }
    }

    private void StoreStagedRows(int rows, int outputs)
    {
        using (_writer.For("o", rows))
        using (_writer.For("q", outputs))
        {
            string Walk(long rowStride, long positionStride) => Offset(("o", rows, rowStride), ("q", outputs, positionStride));
            string[] operands = new[] { "sum" }
                .Concat(_work.EpilogueOperands.Select((o, i) => OperandValue(_simd, o, $"r{i + 1}Row{Offset(("p", TiledPositions, o.Strides.Position))}{Walk(o.Strides.Row, o.Strides.Position)}")))
                .ToArray();
            _writer.Line($"{_simd.Type} sum = {_simd.Load($"s{Walk(outputs * Block, Block)}")};");
            string target = $"yRow{Offset(("p", TiledPositions, _work.OutputStrides.Position))}{Walk(_work.OutputStrides.Row, _work.OutputStrides.Position)}";
            StoredLanes.EmitStore(_work.Epilogue, _writer, _simd, operands, "t", _work.Output, target);
        }
    }
}
