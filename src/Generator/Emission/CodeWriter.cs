using System;
using System.Text;

namespace AotCompiler.Emission;

/// <summary>Builds C# text with indentation. Line ends are LF on every machine.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;

    public CodeWriter(int indent = 0)
    {
        _indent = indent;
    }

    public int Length => _text.Length;

    /// <summary>Writes one line; text with line ends is indented line by line.</summary>
    public void Line(string text = "")
    {
        if (text.IndexOf('\n') >= 0)
        {
            foreach (string part in text.Split('\n'))
            {
                Line(part.TrimEnd('\r'));
            }

            return;
        }

        if (text.Length > 0)
        {
            _text.Append(' ', _indent * 4).Append(text);
        }

        _text.Append('\n');
    }

    /// <summary>Opens a block: the header line and a brace; disposing the result closes it.</summary>
    public Scope Block(string header = "")
    {
        if (header.Length > 0)
        {
            Line(header);
        }

        Line("{");
        _indent++;
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

        return Block($"for (int {variable} = {start}; {variable} < {count}; {variable} += {step})".Replace($"{variable} += 1)", $"{variable}++)"));
    }

    public override string ToString() => _text.ToString();

    private void Close()
    {
        _indent--;
        Line("}");
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
