using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Samples.DigitReader;

/// <summary>Reads pictures of digits: <c>Digits FILE-OR-FOLDER …</c>. The network is the class <see cref="Digits"/>, generated from digits.onnx.</summary>
internal static class Program
{
    private const int TimedRuns = 200;

    private static int Main(string[] arguments)
    {
        long begin = Stopwatch.GetTimestamp();
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var files = new List<string>();
        foreach (string argument in arguments)
        {
            files.AddRange(FilesOf(argument));
        }

        if (files.Count == 0)
        {
            StandardStreams.WriteErrorLine("Usage: Digits FILE.png | FOLDER ...   (grey or colour PNG pictures of single digits)");
            return 2;
        }

        using var model = new Digits();
        var image = new float[Digits.ImageLength];
        var probabilities = new float[Digits.ProbabilitiesLength];
        double firstAnswer = 0;
        int labelled = 0;
        int right = 0;
        foreach (string file in files)
        {
            GreyPicture picture;
            try
            {
                picture = PngReader.Read(file);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                StandardStreams.WriteErrorLine($"{file}: {e.Message}");
                return 1;
            }

            DigitPicture.Prepare(picture, image);
            model.Run(image, probabilities);
            firstAnswer = firstAnswer == 0 ? Stopwatch.GetElapsedTime(begin).TotalMilliseconds : firstAnswer;
            int digit = ArgMax(probabilities);
            Report(file, image, probabilities, digit, MedianMicroseconds(model, image, probabilities));
            if (LabelOf(file) is { } label)
            {
                labelled++;
                right += label == digit ? 1 : 0;
            }
        }

        Summarise(files.Count, labelled, right, firstAnswer);
        return right == labelled ? 0 : 1;
    }

    private static string[] FilesOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        string[] files = Directory.GetFiles(path, "*.png");
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static void Report(string file, float[] image, float[] probabilities, int digit, double microseconds)
    {
        StandardStreams.WriteLine();
        StandardStreams.WriteLine($"{Path.GetFileName(file)}   {microseconds:0.0} µs");
        string[] rows = TextDrawing.Draw(image);
        for (int row = 0; row < rows.Length; row++)
        {
            string bar = row < probabilities.Length
                ? $"   {row}  {TextDrawing.Bar(probabilities[row])} {probabilities[row] * 100,6:0.00} %{(row == digit ? "  <- it is a " + digit : string.Empty)}"
                : string.Empty;
            StandardStreams.WriteLine($"  {rows[row]}{bar}");
        }
    }

    private static void Summarise(int pictures, int labelled, int right, double firstAnswer)
    {
        StandardStreams.WriteLine();
        StandardStreams.WriteLine($"Pictures      {pictures}{(labelled > 0 ? $", {right} of {labelled} right by their file names" : string.Empty)}");
        StandardStreams.WriteLine($"First answer  {firstAnswer:0.00} ms after the program began, reading the picture included");
        if (Environment.ProcessPath is { } program && Path.GetFileNameWithoutExtension(program) != "dotnet")
        {
            StandardStreams.WriteLine($"Program       {new FileInfo(program).Length:#,0} bytes, nothing else to install");
        }

        StandardStreams.WriteLine($"Memory        {Environment.WorkingSet:#,0} bytes resident; the network's share: {Digits.ArenaBytes:#,0} working memory + {Digits.WeightBytes:#,0} weights");
    }

    /// <summary>Median time of one run in microseconds.</summary>
    private static double MedianMicroseconds(Digits model, float[] image, float[] probabilities)
    {
        var times = new double[TimedRuns];
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            model.Run(image, probabilities);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        return times[TimedRuns / 2];
    }

    /// <summary>The digit in a name such as digit-7-0123.png; null if there is none.</summary>
    private static int? LabelOf(string file)
    {
        string[] parts = Path.GetFileNameWithoutExtension(file).Split('-');
        return parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int label) ? label : null;
    }

    private static int ArgMax(float[] values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
