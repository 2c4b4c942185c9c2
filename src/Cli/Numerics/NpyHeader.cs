using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace AotCompiler.Cli.Numerics;

/// <summary>The header of a .npy file: a Python dictionary literal with the keys descr, fortran_order and shape, in any order.</summary>
internal sealed class NpyHeader
{
    private readonly string _text;
    private int _position;
    private string? _description;
    private bool? _fortranOrder;
    private long[]? _shape;

    private NpyHeader(string text) => _text = text;

    /// <summary>NumPy's name of the element type with its byte order, such as <c>&lt;f4</c>.</summary>
    public string Description => _description ?? throw Missing("descr");

    /// <summary>Whether the first index varies fastest.</summary>
    public bool FortranOrder => _fortranOrder ?? throw Missing("fortran_order");

    public long[] Shape => _shape ?? throw Missing("shape");

    /// <exception cref="InvalidDataException">The text is no such dictionary.</exception>
    public static NpyHeader Parse(string text)
    {
        var header = new NpyHeader(text);
        header.ParseDictionary();
        _ = (header.Description, header.FortranOrder, header.Shape);
        return header;
    }

    private static InvalidDataException Missing(string key) => new($"the header has no '{key}'");

    private void ParseDictionary()
    {
        Expect('{');
        while (!TryTake('}'))
        {
            var key = ParseString();
            Expect(':');
            switch (key)
            {
                case "descr":
                    _description = ParseString();
                    break;
                case "fortran_order":
                    _fortranOrder = ParseBoolean();
                    break;
                case "shape":
                    _shape = ParseTuple();
                    break;
                default:
                    throw Malformed($"the key '{key}' is not known");
            }

            if (!TryTake(','))
            {
                Expect('}');
                break;
            }
        }

        SkipWhiteSpace();
        if (_position != _text.Length)
        {
            throw Malformed("there is text after the dictionary");
        }
    }

    private string ParseString()
    {
        SkipWhiteSpace();
        var quote = _position < _text.Length ? _text[_position] : '\0';
        if (quote is '[')
        {
            throw Malformed("structured element types are not supported");
        }

        var end = quote is '\'' or '"' ? _text.IndexOf(quote, _position + 1) : -1;
        if (end < 0)
        {
            throw Malformed("a quoted string is expected");
        }

        var value = _text[(_position + 1)..end];
        _position = end + 1;
        return value;
    }

    private bool ParseBoolean()
    {
        SkipWhiteSpace();
        return TakeWord("True") || (TakeWord("False") ? false : throw Malformed("True or False is expected"));
    }

    private bool TakeWord(string word)
    {
        if (string.CompareOrdinal(_text, _position, word, 0, word.Length) != 0)
        {
            return false;
        }

        _position += word.Length;
        return true;
    }

    private long[] ParseTuple()
    {
        var extents = new List<long>();
        Expect('(');
        while (!TryTake(')'))
        {
            extents.Add(ParseExtent());
            if (!TryTake(','))
            {
                Expect(')');
                break;
            }
        }

        return extents.ToArray();
    }

    private long ParseExtent()
    {
        SkipWhiteSpace();
        var start = _position;
        while (_position < _text.Length && char.IsAsciiDigit(_text[_position]))
        {
            _position++;
        }

        if (!long.TryParse(_text.AsSpan(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out var extent))
        {
            throw Malformed("a non-negative 64-bit integer is expected");
        }

        // Python 2 wrote long integers with a suffix.
        TryTake('L');
        return extent;
    }

    private void Expect(char expected)
    {
        if (!TryTake(expected))
        {
            throw Malformed("'" + expected.ToString() + "' is expected");
        }
    }

    private bool TryTake(char expected)
    {
        SkipWhiteSpace();
        if (_position >= _text.Length || _text[_position] != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    private void SkipWhiteSpace()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\n' or '\t' or '\r')
        {
            _position++;
        }
    }

    private InvalidDataException Malformed(string what) =>
        new("the header is malformed at character " + _position.ToString(CultureInfo.InvariantCulture) + ": " + what);
}
