using System;
using System.Collections.Generic;
using System.Text;

namespace AotCompiler.Emission;

/// <summary>Builds C# text with indentation. Line ends are LF on every machine.</summary>
/// <remarks>
/// A block without a header only limits the scope of its locals. Where nothing outside uses their names it is written without
/// braces, so that callers can open one around any part that may or may not need it.
/// </remarks>
internal sealed class CodeWriter
{
    private readonly List<CodeLine> _lines = new();
    private readonly Stack<OpenBlock> _open = new();

    public CodeWriter()
    {
        _open.Push(new OpenBlock(0, HasHeader: true));
    }

    private int Indent => _open.Count - 1;

    /// <summary>Blocks that are open.</summary>
    public int Depth => Indent;

    /// <summary>Writes one line; text with line ends is indented line by line.</summary>
    public void Line(string text = "")
    {
        if (text.IndexOf('\n') < 0)
        {
            _lines.Add(new CodeLine(Indent, text));
            return;
        }

        foreach (string part in text.Split('\n'))
        {
            Line(part.TrimEnd('\r'));
        }
    }

    /// <summary>Adds a line of another writer, indented like the lines of this one.</summary>
    public void Add(CodeLine line) => _lines.Add(line with { Indent = Indent + line.Indent });

    /// <summary>Opens a block: the header line and a brace; disposing the result closes it.</summary>
    public Scope Block(string header = "")
    {
        if (header.Length > 0)
        {
            Line(header);
        }

        Line("{");
        _open.Push(new OpenBlock(_lines.Count, header.Length > 0));
        return new Scope(this);
    }

    /// <summary>
    /// A counting loop with a constant trip count. One iteration needs no loop: only a block that declares the variable as a constant.
    /// None keeps the loop, which then never runs.
    /// </summary>
    public Scope For(string variable, long count, long step = 1, long start = 0)
    {
        if (count > start && count - start <= step)
        {
            Scope scope = Block();
            Line($"const int {variable} = {start};");
            return scope;
        }

        return Block($"for (int {variable} = {start}; {variable} < {count}; {(step == 1 ? $"{variable}++" : $"{variable} += {step}")})");
    }

    /// <summary>The lines once all is written: bare blocks are simplified at the outermost level too, as those inside of others were.</summary>
    public IReadOnlyList<CodeLine> Finish()
    {
        ScopeBlocks.Simplify(_lines, _open.Peek());
        _open.Peek().Bare.Clear();
        return _lines;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (CodeLine line in _lines)
        {
            if (line.Text.Length > 0)
            {
                text.Append(' ', line.Indent * 4).Append(line.Text);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private void Close()
    {
        OpenBlock block = _open.Peek();
        ScopeBlocks.Simplify(_lines, block);
        _open.Pop();
        Line("}");
        if (!block.HasHeader)
        {
            _open.Peek().Bare.Add((block.First - 1, _lines.Count - 1));
        }
    }

    /// <summary>An open block.</summary>
    internal readonly struct Scope : IDisposable
    {
        private readonly CodeWriter _writer;

        public Scope(CodeWriter writer)
        {
            _writer = writer;
        }

        public void Dispose() => _writer.Close();
    }
}

/// <summary>A line of code without its indentation.</summary>
internal readonly record struct CodeLine(int Indent, string Text);

/// <summary>A block that is being written.</summary>
/// <param name="First">Index of the line behind its opening brace.</param>
/// <param name="HasHeader">True for the body of a statement or member, false for a bare block.</param>
internal sealed record OpenBlock(int First, bool HasHeader)
{
    /// <summary>Bare blocks directly inside, by the lines of their braces.</summary>
    public List<(int Open, int Close)> Bare { get; } = new();
}
