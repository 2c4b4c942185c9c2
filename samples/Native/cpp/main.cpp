// Reads pictures of digits on several threads: digits PICTURE.pgm ...
// The library has no state, so that each thread needs nothing but an arena of its own.
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

#include <digits.h>

namespace {

class Digits {
public:
    using Image = std::array<float, DIGITS_IMAGE_LENGTH>;
    using Probabilities = std::array<float, DIGITS_PROBABILITIES_LENGTH>;

    Probabilities run(const Image& image)
    {
        Probabilities probabilities;
        const digits_inputs inputs{image.data()};
        digits_outputs outputs{probabilities.data()};
        if (int error = digits_run(&inputs, &outputs, arena_.data()); error != DIGITS_OK)
            throw std::runtime_error(digits_error(error));
        return probabilities;
    }

private:
    alignas(DIGITS_ARENA_ALIGNMENT) std::array<unsigned char, DIGITS_ARENA_SIZE> arena_;
};

Digits::Image read_picture(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string magic;
    int width = 0, height = 0, most = 0;
    std::array<char, DIGITS_IMAGE_LENGTH> pixels;
    file >> magic >> width >> height >> most;
    file.ignore(1);
    if (magic != "P5" || width * height != DIGITS_IMAGE_LENGTH || most != 255 || !file.read(pixels.data(), pixels.size()))
        throw std::runtime_error("not a 28x28 picture in PGM format");

    Digits::Image image;
    std::transform(pixels.begin(), pixels.end(), image.begin(), [](char p) { return static_cast<unsigned char>(p) / 255.0f; });
    return image;
}

std::string describe(const std::string& path)
{
    static thread_local Digits model;
    const auto probabilities = model.run(read_picture(path));
    const auto best = std::max_element(probabilities.begin(), probabilities.end());
    std::array<char, 32> answer;
    std::snprintf(answer.data(), answer.size(), ": %d (%.1f %%)", static_cast<int>(best - probabilities.begin()), 100 * *best);
    return path + answer.data();
}

} // namespace

int main(int count, char** arguments)
try {
    std::vector<std::future<std::string>> answers;
    for (int i = 1; i < count; i++)
        answers.push_back(std::async(std::launch::async, describe, arguments[i]));
    for (auto& answer : answers)
        std::puts(answer.get().c_str());
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "digits: %s\n", error.what());
    return 1;
}
